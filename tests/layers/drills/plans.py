"""A small plan that tests change, and plans that hypothesis makes up."""

from __future__ import annotations

from hypothesis import strategies as st

from layers.drills.plan import (
    Commitment,
    Element,
    Inject,
    Mode,
    Objective,
    Phase,
    Plan,
    Role,
    Start,
    Step,
    Unit,
)


def small_plan() -> Plan:
    """Give a gas leak: alarm, drive, cordon, rescue, all clear."""
    ring = ((100.0, 0.0), (200.0, 0.0), (200.0, 100.0), (100.0, 100.0))
    return Plan(
        0, "燃气泄漏", type="gas-leak", grade="III", begins="2026-06-21T09:00:00+08:00",
        objectives=(Objective("o1", "Alarm within three minutes"),),
        phases=(Phase("p1", "Alarm"), Phase("p2", "Rescue")),
        roles=(Role("r1", "Commander"), Role("r2", "Engine crew")),
        units=(Unit("u1", "Engine 1", role="r2", place=(0.0, 0.0), speed_kmh=36.0),),
        steps=(
            Step("s1", "Alarm", Start("at", 60.0), 120.0, "p1", "r1", words="Gas at the station!",
                 objectives=("o1",)),
            Step("s2", "Engine arrives", Start("after", 60.0, "s1"), 300.0, "p2", "r2",
                 place=(150.0, 0.0), units=(Commitment("u1"),)),
            Step("s3", "Cordon", Start("with", 30.0, "s2"), 600.0, "p2", "r1",
                 elements=(Element("zone", ring, "F10100", grow_from=0.5, grow_to=1.0),
                           Element("message", text="Keep out"))),
            Step("s4", "All clear", Start("after", 0.0, "s3"), 0.0, "p2", "r1",
                 elements=(Element("camera", text="Station"),)),
        ),
        injects=(Inject("i1", "Second leak", words="It smells here too",
                        elements=(Element("symbol", ((50.0, 50.0),), "A20100"),)),),
    )  # fmt: skip


def quarter(seconds: float) -> float:
    """Round to quarters of a second, which sums and shifts keep exactly."""
    return round(seconds * 4.0) / 4.0


numbers = st.floats(-1e5, 1e5, allow_nan=False).map(lambda x: round(x, 2))
places = st.tuples(numbers, numbers)
texts = st.text(max_size=12)
elements = st.builds(
    Element,
    st.sampled_from(["symbol", "zone", "route", "message", "camera", "state"]),
    st.lists(places, max_size=4).map(tuple),
    texts,
    texts,
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Make up plans without circles: every step hangs on one before it, or on none."""
    count = draw(st.integers(0, 7))
    steps = []
    for number in range(count):
        start = Start("at", draw(st.floats(0.0, 4000.0).map(quarter)))
        if number and draw(st.booleans()):
            other = draw(st.integers(0, number - 1))
            mode: Mode = draw(st.sampled_from(("after", "with")))
            start = Start(mode, draw(st.floats(0.0, 300.0).map(quarter)), f"s{other}")
        units = (Commitment("u1"),) if draw(st.booleans()) else ()
        steps.append(
            Step(
                f"s{number}",
                draw(texts),
                start,
                draw(st.floats(0.0, 900.0).map(quarter)),
                role="r1",
                place=draw(st.none() | places),
                units=units,
                elements=tuple(draw(st.lists(elements, max_size=3))),
            )
        )
    unit = Unit("u1", "Engine", role="r1", place=draw(st.none() | places))
    return Plan(0, "Plan", roles=(Role("r1", "Crew"),), units=(unit,), steps=tuple(steps))

"""What is told of a second of a drill: the time, what is done, who says what, what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.drill_words import clock
from app.wording import Wording
from layers.drills.plan import Plan
from layers.drills.rehearsal import Now
from layers.drills.replay import Standing

if TYPE_CHECKING:
    from scene.captions import Captions

SPOKEN = 2  # of those who speak at once that are written


def title_of(plan: Plan, now: Now) -> str:
    """Give the heading of a picture: the time, and the step that began last."""
    words = [clock(now.second), *now.messages[-1:]]
    if now.running and not now.messages:
        words.append(plan.step(now.running[-1]).title)
    return "  ·  ".join(words)


def captions_of(
    plan: Plan, now: Now, wording: Wording, live: Standing | None = None, kind: str = ""
) -> Captions:
    """Give what is told of a second, in the window as in films.

    Parameters
    ----------
    plan : Plan
        That is played.
    now : Now
        What is seen of it.
    wording : Wording
        Language.
    live : Standing or None
        How an exercise stands that is on: what was ticked counts there, not what was planned.
    kind : str
        What is seen instead of the plan: an exercise, a replay; "" for the plan.
    """
    from scene.captions import Captions

    roles = {role.id: role.name for role in plan.roles}
    steps = {step.id: step for step in plan.steps}
    on = [steps[step] for step in (now.running if live is None else live.on) if step in steps]
    said = [(roles.get(step.role, ""), step.words) for step in on if step.words.strip()]
    alert = now.messages[-1] if now.messages else ""
    if not alert and live is not None and live.due:
        late, since = live.due[0]
        alert = wording.t(
            "drill-caption-waits", time=clock(now.second - since), title=steps[late].title
        )
    coming = list(zip(now.next, now.begins, strict=False)) if live is None else list(live.next)
    ahead = ""
    if coming:
        first, begins = coming[0]
        left = clock(max(begins - now.second, 0.0))
        ahead = wording.t("drill-film-next", time=left, title=steps[first].title)
    doing = on[-1].title if on else ""
    if len(on) > 1:
        doing = wording.t("drill-caption-more", title=doing, count=len(on) - 1)
    return Captions(clock(now.second), doing, kind, alert, tuple(said[-SPOKEN:]), ahead)

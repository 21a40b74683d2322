from __future__ import annotations

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.files.raw import Note, as_objects
from layers.files.report import FIRST, LayerReport, Tally

REASONS = ("sliver", "no_area", "duplicate")


def tally(n: int) -> Tally:
    return Tally(as_objects([f"way/{i}" for i in range(n)]))


def rows(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


@settings(max_examples=60)
@given(st.data())
def test_read_is_always_kept_and_skipped_together(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 30))
    of = st.lists(st.integers(0, n - 1), max_size=10)
    t = tally(n)
    for reason in data.draw(st.lists(st.sampled_from(REASONS), max_size=6)):
        t.lose(reason, rows(*data.draw(of)))
        t.mend("ring_order", rows(*data.draw(of)))
    kept = np.unique(rows(*data.draw(of)))
    account = t.close(kept)
    assert account.read == n
    assert account.kept == len(kept)
    assert account.read == account.kept + sum(account.skipped.values())
    assert account.mended <= account.kept
    assert all(count <= account.kept for count in account.repaired.values())


def test_a_feature_is_skipped_under_the_first_reason_that_took_a_part() -> None:
    t = tally(3)
    t.lose("sliver", rows(0, 1))
    t.lose("no_area", rows(1, 2))
    account = t.close(rows(0))
    assert account.skipped == {"sliver": 1, "no_area": 1}
    assert account.repaired == {"part_left_out": 1}
    assert account.first["sliver"] == ("way/1",)


def test_what_vanished_without_a_word_is_told_as_without_geometry() -> None:
    account = tally(2).close(rows(1))
    assert account.skipped == {"no_geometry": 1}


def test_only_the_first_culprits_are_named() -> None:
    t = tally(50)
    t.lose("sliver", np.arange(50))
    account = t.close(rows())
    assert account.first["sliver"] == tuple(f"way/{i}" for i in range(FIRST))


def test_a_report_goes_through_json_and_back() -> None:
    report = LayerReport(
        "a", "buildings", "a.shp", read=3, kept=2, repaired={"ring_order": 1},
        skipped={"sliver": 1}, first={"sliver": ("7",)}, objects=4, crs="EPSG:4326",
        height_rule="Floor x 3 m", height_steps=(Note("height_step_floors", {"storey": 3.0}),),
        extent=(0.0, 1.0, 2.0, 3.0), messages=(Note("x", {"n": np.int64(3)}),),
    )  # fmt: skip
    told = json.loads(json.dumps(report.to_json()))
    again = LayerReport.from_json(told)
    assert again.to_json() == report.to_json()
    assert again.messages[0].facts == {"n": 3}
    assert {"name", "kind", "source", "read", "kept", "repaired", "skipped", "objects", "crs"} < {
        *told
    }


def test_remarks_can_be_worded_in_the_json() -> None:
    report = LayerReport("a", "roads", "a.shp", messages=(Note("axes_swapped"),))
    assert report.to_json(lambda note: note.key.upper())["messages"] == ["AXES_SWAPPED"]

"""Parts of some work are done once each, and threads end with it."""

from __future__ import annotations

import threading

import pytest

from layers.threads import in_threads


@pytest.mark.parametrize("parts", [0, 1, 2, 7])
def test_parts_of_some_work_are_done_once_each(parts: int) -> None:
    done: list[int] = []
    assert len(list(in_threads(done.append, range(parts)))) == parts
    assert sorted(done) == list(range(parts))


def test_work_that_fails_or_is_stopped_ends_its_threads() -> None:
    def fail(part: int) -> None:
        raise ValueError(part)

    with pytest.raises(ValueError, match=r"^0$"):
        list(in_threads(fail, range(5)))
    done: list[int] = []
    work = in_threads(done.append, range(1000))
    next(work)
    work.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if "citystage-parts" in thread.name]

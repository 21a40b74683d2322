"""Steps that undo keeps condensed are taken back with as few tiles made anew as others."""

from __future__ import annotations

import pytest

from layers.condensed import Condensed
from layers.history import History
from tests.scene.cities import shot, staged
from tests.scene.test_edits_of_many import COARSE, EYE, check, some_edits, town, view_of

pytestmark = pytest.mark.picture


def test_only_the_tiles_that_are_touched_are_made_anew() -> None:
    project, layer = town()
    history = History(project, 0)
    with staged(project, (320, 240)) as stage:
        stage.detail, stage.viewpoint = COARSE, EYE
        shot(stage)
        view = view_of(stage)
        edits = some_edits(project, layer)[1:6]
        for edit in edits:
            history.run(edit())
            history.condense()
        kept = [part for step in history._done for part in step.held()]  # type: ignore[attr-defined]  # all keep contents
        assert sum(isinstance(part, Condensed) for part in kept) == len(edits) - 1
        for step in (history.undo, history.redo, history.undo):
            for _ in edits:
                step()
                assert 1 <= view.tiles_built <= 3
                history.condense()
            check(stage, project)

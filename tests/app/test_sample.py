"""The sample city speaks one language, whatever the program speaks."""

from __future__ import annotations

import pytest

from app import api
from app.sample import name_kept
from layers.edits import AddLayer
from layers.kinds.answers import Answers
from layers.kinds.base import Layer
from layers.kinds.drills import Drills


@pytest.mark.parametrize(
    ("chinese", "names"), [(True, {"演练", "成果"}), (False, {"Drills", "Answers"})]
)
def test_layers_of_answers_and_drills_are_named_in_the_language_of_the_sample(
    chinese: bool, names: set[str]
) -> None:
    city = api.new_project(crs="EPSG:4547")
    city.run(AddLayer(Layer("drills", "?", Drills())))
    city.run(AddLayer(Layer("answers", "?", Answers())))
    name_kept(city, chinese=chinese)
    assert {layer.name for layer in city.layers} == names

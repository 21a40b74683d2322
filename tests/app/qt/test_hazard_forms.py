"""Forms of hazards: plain words, usual values, the wind in words, the gas of the source."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
import shapely
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
)

from app.qt.dialogs.analysis_form import AnalysisForm
from app.qt.main_window import MainWindow
from layers.analyses import edits
from layers.analyses.drill_hazards import (
    CLOUDS,
    HEATS,
    LEAKS,
    POOLS,
    PRESSURES,
    TIMES,
    WATERS,
    WINDS,
    numbers_of,
)
from layers.kinds.base import Features, Layer
from layers.shapes import Shapes
from tests.app.qt.conftest import EAST, NORTH, child, click

pytestmark = pytest.mark.gui


@pytest.fixture
def store(city: MainWindow) -> MainWindow:
    """The town with a store of chlorine and a filling station."""
    places = Shapes.from_shapely([shapely.Point(EAST + 80, NORTH + 80),
                                  shapely.Point(EAST + 250, NORTH + 80)])  # fmt: skip
    table = pa.table({"name": ["Waterworks", "加油站"], "substance": ["液氯", "汽油"]})
    data = Features.of(places, table)
    city.desk.project.insert_layer(Layer("hazards", "Hazards", data, layer_id="hazards"))
    return city


def opened(window: MainWindow, kind: str) -> AnalysisForm:
    form = AnalysisForm(window.desk, kind, window)
    form.show()
    return form


def test_a_plume_is_asked_for_in_plain_words(store: MainWindow, qtbot: Any) -> None:
    form = opened(store, "drill-plume")
    assert "Screening estimate" in child(form, QLabel, "analysis-limits").text()
    hazard = child(form, QComboBox, "ask-hazard")
    assert [hazard.itemText(at) for at in range(hazard.count())][1] == "Waterworks (液氯)"
    gas = child(form, QComboBox, "ask-substance")
    gas.setCurrentIndex(gas.findData("ammonia"))
    hazard.setCurrentIndex(1)
    assert gas.currentData() == "chlorine"
    wind = child(form, QComboBox, "ask-wind-from-named")
    wind.setCurrentIndex(wind.findText("south-west"))
    wind.activated.emit(wind.currentIndex())
    assert child(form, QDoubleSpinBox, "ask-wind-from").value() == 225.0
    child(form, QDoubleSpinBox, "ask-wind-from").setValue(200.0)
    assert wind.currentText() == "between"
    stability = child(form, QComboBox, "ask-stability")
    assert "clear night" in stability.itemText(stability.findData("F"))
    menu = child(form, QMenu, "ask-rate-usual-menu")
    menu.actions()[2].trigger()
    assert child(form, QDoubleSpinBox, "ask-rate").value() == LEAKS[2][1]
    assert "a hose torn off" in menu.actions()[2].text()
    click(child(form, QPushButton, "analysis-go"))
    qtbot.waitUntil(lambda: len(edits.answers_of(store.desk.project)) == 1, timeout=60_000)
    answer = edits.answers_of(store.desk.project).items[0]
    assert answer.params["wind_from"] == 200.0
    assert answer.params["hazard"] == "Waterworks"


def test_a_form_without_a_place_says_so_and_stays(store: MainWindow) -> None:
    form = opened(store, "drill-heat")
    click(child(form, QPushButton, "analysis-go"))
    assert form.isVisible()
    assert "hazard source" in child(form, QLabel, "analysis-problem").text()
    hazard, fuel = child(form, QComboBox, "ask-hazard"), child(form, QComboBox, "ask-fuel")
    fuel.setCurrentIndex(fuel.findData("lng"))
    hazard.setCurrentIndex(2)
    assert fuel.currentData() == "petrol"
    menu = child(form, QMenu, "ask-limits-usual-menu")
    menu.actions()[0].trigger()
    assert child(form, QLineEdit, "ask-limits").text() == HEATS[0][1]


@pytest.mark.parametrize("kind", ["plume", "heat", "blast", "flood", "fire"])
def test_every_form_says_its_limits_and_has_words_for_all_it_offers(
    store: MainWindow, kind: str
) -> None:
    for language in ("en", "zh-CN"):
        store.desk.speak(language)
        form = opened(store, f"drill-{kind}")
        shown = [label.text() for label in form.findChildren(QLabel)]
        shown += [a.text() for menu in form.findChildren(QMenu) for a in menu.actions()]
        for box in form.findChildren(QComboBox):
            shown += [box.itemText(at) for at in range(box.count())]
        raw = ("ask-", "usual-", "choice-", "bearing-", "analysis-", "sort-")
        assert not [text for text in shown if text.strip().startswith(raw) or "   usual-" in text]
        assert form.findChild(QLabel, "analysis-limits") is not None
        form.reject()


def test_usual_values_are_values_that_can_be_asked() -> None:
    for texts in (TIMES, HEATS, PRESSURES):
        assert all(numbers_of(value) for _, value in texts)
    for rows in (LEAKS, POOLS, CLOUDS, WATERS, WINDS):
        values = [value for _, value in rows]
        assert values == sorted(values)

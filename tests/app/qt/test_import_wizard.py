"""Importing through the wizard: look, choose, go, report; stopping changes nothing."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableWidget,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from app.qt.desk import Notice
from app.qt.dialogs.import_lines import LineChoices
from app.qt.main_window import MainWindow
from layers.errors import Cancelled
from layers.kinds.buildings import Buildings
from layers.kinds.control_lines import lines_of
from layers.kinds.emergency import Emergency
from layers.progress import Progress
from tests.app.qt import conftest
from tests.app.qt.conftest import child, click, dialog

pytestmark = pytest.mark.gui


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    """A shapefile of three houses in GBK without a .cpg and without a .prj."""
    path = tmp_path / "房屋建筑.shp"
    boxes = [
        shapely.box(500_000 + i * 50, 3_380_000, 500_030 + i * 50, 3_380_020) for i in range(3)
    ]
    table = {"名称": ["教学楼", "图书馆", "食堂"], "层数": [5, 8, 2], "geometry": boxes}
    gpd.GeoDataFrame(table).to_file(path, encoding="GBK", engine="pyogrio")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    path.with_suffix(".prj").unlink(missing_ok=True)
    return path


@pytest.fixture
def ponds(tmp_path: Path) -> Path:
    """GeoJSON of two ponds in degrees."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"pond {i}"},
            "geometry": shapely.geometry.mapping(
                shapely.box(114 + i * 0.01, 30.5, 114.005 + i * 0.01, 30.505)
            ),
        }
        for i in range(2)
    ]
    path = tmp_path / "水系.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """OpenStreetMap XML of a house of four storeys and a pond."""
    places = [(114.0, 30.5), (114.001, 30.5), (114.001, 30.501), (114.0, 30.501)]
    nodes, ways = [], []
    for way, (shift, tags) in enumerate(
        [(0.0, {"building": "yes", "building:levels": "4"}), (0.01, {"natural": "water"})], 1
    ):
        ids = [way * 10 + i for i in range(4)]
        nodes += [
            f'<node id="{i}" lat="{lat}" lon="{lon + shift}" version="1"/>'
            for i, (lon, lat) in zip(ids, places, strict=True)
        ]
        refs = "".join(f'<nd ref="{i}"/>' for i in [*ids, ids[0]])
        said = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        ways.append(f'<way id="{way}" version="1">{refs}{said}</way>')
    path = tmp_path / "extract.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes + ways)}</osm>')
    return path


def wizard(window: MainWindow, paths: list[Path], qtbot: Any) -> QDialog:
    window.documents.take(paths)
    shown = dialog(qtbot, "dialog-import")
    looked = child(shown, QTableWidget, "import-rows")
    qtbot.waitUntil(lambda: looked.rowCount() > 0 or looked.isHidden(), timeout=60_000)
    return shown


def cell(shown: QDialog, row: int, column: int) -> str:
    item = child(shown, QTableWidget, "import-rows").item(row, column)
    return item.text() if item is not None else ""


def finish(window: MainWindow, shown: QDialog, qtbot: Any) -> None:
    click(child(shown, QPushButton, "import"))
    done = child(shown, QPushButton, "done")
    qtbot.waitUntil(done.isVisible, timeout=60_000)


def test_a_gbk_shapefile_without_prj_becomes_buildings(
    window: MainWindow, houses: Path, qtbot: Any
) -> None:
    shown = wizard(window, [houses], qtbot)
    assert cell(shown, 0, 0) == "教学楼"
    assert child(shown, QComboBox, "import-kind").currentData() == "buildings"
    assert child(shown, QComboBox, "import-encoding").currentText() == "GBK (found)"
    assert child(shown, QComboBox, "import-floors").currentText() == "层数 (found)"
    assert "coordinate system" in child(shown, QLabel, "import-problem").text()
    assert not child(shown, QPushButton, "import").isEnabled()

    crs = child(shown, QComboBox, "import-crs")
    fitting = next(i for i in range(crs.count()) if crs.itemData(i) == "EPSG:4547")
    crs.setCurrentIndex(fitting)
    child(shown, QDoubleSpinBox, "import-storey-height").setValue(4.0)
    child(shown, QLineEdit, "import-name").setText("School")
    child(shown, QLineEdit, "import-name").textEdited.emit("School")
    finish(window, shown, qtbot)

    assert "read" in child(shown, QTextBrowser, "import-report").toPlainText()
    layer = window.desk.project.layer("School")
    assert isinstance(layer.data, Buildings)
    assert layer.data.height.tolist() == [20.0, 32.0, 8.0]
    undo = window.desk.actions["undo"].text().replace("&", "")
    assert undo.startswith("Undo Import School")
    window.desk.actions["undo"].trigger()
    assert window.desk.project.layers == ()


def test_another_encoding_is_shown_at_once(window: MainWindow, houses: Path, qtbot: Any) -> None:
    shown = wizard(window, [houses], qtbot)
    encoding = child(shown, QComboBox, "import-encoding")
    encoding.setCurrentIndex(encoding.findData("ISO-8859-1"))
    qtbot.waitUntil(lambda: cell(shown, 0, 0) not in {"", "教学楼"}, timeout=60_000)
    encoding.setCurrentIndex(encoding.findData("GB18030"))
    qtbot.waitUntil(lambda: cell(shown, 0, 0) == "教学楼", timeout=60_000)


def test_several_files_are_one_step_and_one_can_be_left_out(
    window: MainWindow, houses: Path, ponds: Path, qtbot: Any
) -> None:
    shown = wizard(window, [ponds, houses], qtbot)
    listed = child(shown, QListWidget, "import-files")
    assert listed.count() == 2
    listed.item(1).setCheckState(type(listed.item(1).checkState()).Unchecked)
    finish(window, shown, qtbot)
    assert [layer.kind for layer in window.desk.project.layers] == ["water"]
    assert len(window.desk.session.history.labels) == 1
    assert window.desk.project.frame is not None
    assert window.desk.project.frame.crs == "EPSG:4547"


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    window: MainWindow, ponds: Path, tmp_path: Path, qtbot: Any
) -> None:
    broken = tmp_path / "broken.geojson"
    broken.write_text("{ this is not JSON")
    shown = wizard(window, [broken, ponds], qtbot)
    listed = child(shown, QListWidget, "import-files")
    texts = [listed.item(i).text() for i in range(listed.count())]
    assert texts[-1] == "broken.geojson"
    finish(window, shown, qtbot)
    assert len(window.desk.project.layers) == 1


def test_a_file_that_is_refused_shows_no_wizard_but_one_sentence(
    city: MainWindow, tmp_path: Path, notices: list[Notice], qtbot: Any
) -> None:
    broken = tmp_path / "broken.geojson"
    broken.write_text("{ this is not JSON")
    city.documents.take([broken])
    qtbot.waitUntil(lambda: bool(notices), timeout=60_000)
    qtbot.waitUntil(lambda: city.findChild(QDialog, "dialog-import") is None, timeout=60_000)
    assert [notice.level for notice in notices] == ["error"]
    assert city.isActiveWindow()


def test_enter_imports_what_is_proposed(window: MainWindow, ponds: Path, qtbot: Any) -> None:
    shown = wizard(window, [ponds], qtbot)
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    done = child(shown, QPushButton, "done")
    qtbot.waitUntil(done.isVisible, timeout=60_000)
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert not shown.isVisible()
    assert [layer.kind for layer in window.desk.project.layers] == ["water"]


def test_an_openstreetmap_extract_comes_as_themes(
    window: MainWindow, extract: Path, notices: list[Notice], qtbot: Any
) -> None:
    shown = wizard(window, [extract], qtbot)
    listed = child(shown, QListWidget, "import-files")
    items = [listed.item(i) for i in range(listed.count())]
    ticked = [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]
    assert ticked == ["Buildings", "Roads", "Rail", "Water", "Greenery", "Trees"]
    assert child(shown, QTableWidget, "import-rows").rowCount() == 1
    kinds = child(shown, QComboBox, "import-kind")
    assert kinds.currentData() == "buildings"
    finish(window, shown, qtbot)
    layers = {layer.kind: len(layer.data) for layer in window.desk.project.layers}
    assert layers == {"buildings": 1, "water": 1}
    assert "error" not in [notice.level for notice in notices]  # no roads are no failure


def test_the_report_stays_with_the_layer(window: MainWindow, ponds: Path, qtbot: Any) -> None:
    shown = wizard(window, [ponds], qtbot)
    finish(window, shown, qtbot)
    click(child(shown, QPushButton, "done"))
    window.desk.choose_layer(window.desk.project.layers[0].id)
    window.desk.actions["layer-report"].trigger()
    report = child(dialog(qtbot, "dialog-layer-report"), QTextBrowser, "import-report")
    assert "kept" in report.toPlainText()


def test_stopping_an_import_leaves_the_project_as_it_was(
    city: MainWindow, ponds: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()

    def endless(_project: object, _path: Path, _options: object, progress: Progress) -> None:
        begun.set()
        while True:
            progress.step(1, 10, "progress-working")

    from layers.files import importing

    monkeypatch.setattr(importing, "import_file", endless)
    before = city.desk.project.layers
    shown = wizard(city, [ponds], qtbot)
    click(child(shown, QPushButton, "import"))
    assert begun.wait(10)
    assert child(city, QToolButton, "job-cancel").isVisible()
    click(child(shown, QPushButton, "cancel"))
    qtbot.waitUntil(lambda: not city.desk.jobs.running, timeout=60_000)
    assert city.desk.project.layers == before
    assert city.desk.session.history.labels == ()
    assert issubclass(Cancelled, Exception)


def test_what_heights_in_shapes_mean_is_chosen_in_the_wizard(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    line = {"type": "LineString", "coordinates": [[114.0, 30.5, 12.0], [114.01, 30.5, 14.0]]}
    feature = {"type": "Feature", "properties": {"name": "wire"}, "geometry": line}
    path = tmp_path / "wires.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    shown = wizard(window, [path], qtbot)
    choice = child(shown, QComboBox, "import-heights")
    assert choice.currentData() is None
    choice.setCurrentIndex(choice.findData("relative"))
    finish(window, shown, qtbot)
    assert window.desk.project.layers[-1].style.heights == "relative"
    shown.close()


@pytest.fixture
def drawn_lines(tmp_path: Path) -> Path:
    """Lines of three sorts whose names say nothing."""
    path = tmp_path / "kzx.gpkg"
    shapes = [
        shapely.LineString([(500_000, 3_380_000 + k), (500_090, 3_380_000 + k)]) for k in range(3)
    ]
    table = {"LB": ["A1", "B2", "道路"], "TR": [8.5, 12.0, 3.0], "geometry": shapes}
    gpd.GeoDataFrame(table, crs="EPSG:4547").to_file(path, engine="pyogrio")
    return path


def test_control_lines_get_classes_and_fields_by_a_template_that_is_kept(
    window: MainWindow, qtbot: Any, drawn_lines: Path
) -> None:
    shown = wizard(window, [drawn_lines], qtbot)
    kind = child(shown, QComboBox, "import-kind")
    kind.setCurrentIndex(kind.findData("control-lines"))
    template = child(shown, QComboBox, "import-lines-template")
    values = child(shown, QTableWidget, "import-lines-values")

    def choose(data: str) -> None:
        template.setCurrentIndex(template.findData(data))
        template.activated.emit(template.currentIndex())

    qtbot.waitUntil(lambda: not window.desk.jobs.running)
    choose("six-lines")
    field = child(shown, QComboBox, "import-lines-field")
    assert (field.currentData(), values.rowCount()) == ("LB", 3)
    assert child(shown, QComboBox, "import-lines-class-2").currentData() == "road"
    first = child(shown, QComboBox, "import-lines-class-0")
    first.setCurrentIndex(first.findData("power"))
    conftest.cell(values, 1, 3).setText("20")  # setback of B2
    source = child(shown, QComboBox, "import-lines-from-setback_m")
    source.setCurrentIndex(source.findData("TR"))
    lines = child(shown, QWidget, "import-lines")
    assert isinstance(lines, LineChoices)
    lines.keep("Our lines")
    assert template.findText("Our lines") >= 0
    finish(window, shown, qtbot)
    (layer,) = window.desk.project.of_kind("control-lines")
    told = lines_of(layer.features)
    assert told.classes.tolist() == ["power", "", "road"]
    assert told.setback.tolist() == [8.5, 20.0, 3.0]
    assert layer.style.line_preset == "six-lines"
    click(child(shown, QPushButton, "done"))


def test_fields_of_resources_are_guessed_shown_and_changed(
    window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    path = tmp_path / "应急资源.csv"
    path.write_text(
        "站名编号,类型,状况,床位数,电话,经度,纬度\n"
        "一号,FD,1,20,119,114.001,30.501\n二号,医院,0,300,120,114.002,30.502\n",
        encoding="gb18030",
    )
    shown = wizard(window, [path], qtbot)
    kind = child(shown, QComboBox, "import-kind")
    kind.setCurrentIndex(kind.findData("resources"))
    qtbot.waitUntil(lambda: not window.desk.jobs.running)
    field = {
        key: child(shown, QComboBox, f"import-fact-{key}")
        for key in ("sort", "name", "state", "capacity", "contact", "owner")
    }
    told = {key: str(box.currentData()) for key, box in field.items()}
    assert told == {"sort": "类型", "name": "站名编号", "state": "", "capacity": "床位数",
                    "contact": "电话", "owner": ""}  # fmt: skip
    field["state"].setCurrentIndex(field["state"].findData("状况"))
    words = child(shown, QTableWidget, "import-fact-words")
    listed = [conftest.cell(words, at, 0).text() for at in range(words.rowCount())]
    assert listed == ["FD", "1", "0", "医院"]
    for at, key in ((0, "fire-station"), (1, "ready"), (2, "out-of-service")):
        box = words.cellWidget(at, 2)
        assert isinstance(box, QComboBox)
        box.setCurrentIndex(box.findData(key))
        box.activated.emit(box.currentIndex())
    finish(window, shown, qtbot)
    (layer,) = window.desk.project.of_kind("resources")
    said = Emergency.of(layer.features, "resources", layer.name)
    assert said.sort.tolist() == ["fire-station", "hospital"]
    assert said.name.tolist() == ["一号", "二号"]
    assert said.state.tolist() == ["ready", "out-of-service"]
    assert said.capacity.tolist() == [20.0, 300.0]
    click(child(shown, QPushButton, "done"))


def test_degrees_of_map_services_can_be_carried_back(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    path = tmp_path / "houses.geojson"
    ring = [
        [114.3, 30.55],
        [114.3002, 30.55],
        [114.3002, 30.5502],
        [114.3, 30.5502],
        [114.3, 30.55],
    ]
    house = {
        "type": "Feature",
        "properties": {"height": 9},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [house]}))
    shown = wizard(window, [path], qtbot)
    crs = child(shown, QComboBox, "import-crs")
    crs.setCurrentIndex(crs.findData("GCJ-02"))
    finish(window, shown, qtbot)
    report = child(shown, QTextBrowser, "import-report").toPlainText()
    assert "The shift of GCJ-02 was taken back" in report

"""Photograph the real window of Citystage at work on the sample city, for `make_pictures.py`.

Run with a display: python docs/window_pictures.py LOCALE PROJECT FOLDER. The sample's files lie
beside the project. The window is driven as hands would: clicks, keys, names of widgets.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeVar, cast

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QStackedWidget,
    QTableWidget,
    QTabWidget,
    QWidget,
)

from app import settings as settings_file
from app.qt import start
from app.qt.desk import Desk
from app.qt.main_window import MainWindow
from app.qt.panels.tours import ToursPanel
from app.session import Session
from app.settings import Settings
from layers.kinds.buildings import Buildings
from scene.camera import project_points

W = TypeVar("W", bound=QObject)
SIZE = (1600, 1000)
PATIENCE = 60.0  # seconds
#: Words of the sample in each language.
FINANCE = {"en": "Finance City", "zh-CN": "金融城"}
BIRD = {"en": "Bird's eye", "zh-CN": "总体鸟瞰"}
HOTELS = {"en": "USE = hotel", "zh-CN": "用途 = 酒店"}
FILES = ("建筑.shp", "water.geojson", "控制线.dxf")
SURVEY = "旧城建筑.geojson"  # made here: files that nobody cleaned are what the report is for
BRIDGE = ((509_289.0, 3_379_127.0), (510_181.0, 3_378_960.0))
BLOCK = (
    (508_980.0, 3_379_240.0),
    (509_760.0, 3_379_240.0),
    (509_760.0, 3_379_760.0),
    (508_980.0, 3_379_760.0),
)


class Photographer:
    """Drives one window and writes what it shows.

    Parameters
    ----------
    window : MainWindow
        Shown already.
    locale : str
        Its language, the end of the file names.
    folder : pathlib.Path
        Where the pictures go.
    """

    def __init__(self, window: MainWindow, locale: str, folder: Path) -> None:
        self.window, self.locale, self._folder = window, locale, folder

    def until(self, ready: Callable[[], bool], what: str) -> None:
        """Let the window work until something is so."""
        end = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError(what)
            QTest.qWait(20)

    def rest(self) -> None:
        """Wait until nothing runs and the picture is drawn."""
        desk, view = self.window.desk, self.window.viewport
        QTest.qWait(100)
        self.until(lambda: not desk.jobs.running and not view.busy, "the window does not rest")
        QTest.qWait(400)
        self.until(lambda: not desk.jobs.running and not view.busy, "the window does not rest")

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Write a picture of the window, or of a part of it."""
        self.rest()
        whole = (widget or self.window).grab()
        if not whole.save(str(self._folder / f"{name}-{self.locale}.png")):
            raise OSError(name)

    def find(self, kind: type[W], name: str, parent: QObject | None = None) -> W:
        """Find a widget by its name."""
        found = (parent or self.window).findChild(kind, name)
        if found is None:
            raise LookupError(name)
        return found

    def dialog(self, name: str) -> QDialog:
        """Wait for a dialog."""

        def seen() -> list[QDialog]:
            tops = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
            return [w for w in tops if w.objectName() == name and w.isVisible()]

        self.until(lambda: bool(seen()), name)
        return seen()[0]

    def pixel(self, point: Sequence[float]) -> QPoint:
        """Give where a point of the city is in the picture."""
        view = self.window.viewport
        at = project_points(view.viewpoint, np.array([point]), view.stage.size)[0]
        ratio = view.devicePixelRatioF()
        return QPoint(round(float(at[0]) / ratio), round(float(at[1]) / ratio))

    def click(self, point: Sequence[float], *, twice: bool = False) -> None:
        """Click a point of the city."""
        canvas = self.find(QWidget, "canvas")
        at = self.pixel(point)
        QTest.mouseMove(canvas, at)
        QTest.qWait(80)
        if twice:
            QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=at)
        else:
            QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
        self.rest()

    def do(self, action: str) -> None:
        """Choose an action."""
        self.window.desk.actions[action].trigger()
        self.rest()


def write_survey(path: Path) -> None:
    """Write houses as surveys have them: one twice, one crossing itself, one lost, one a sliver."""
    houses: list[object] = []
    for number in range(24):
        east, north = 508_600 + number % 6 * 40, 3_378_600 + number // 6 * 40
        corners: list[tuple[float, float]] = [(0, 0), (28, 0), (28, 18), (0, 18)]
        if number == 3:
            corners = [(0, 0), (28, 18), (28, 0), (0, 18)]
        if number == 8:
            corners = [(0, 0), (28, 0), (28, 0.001), (0, 0.001)]
        ring = [(east + x, north + y) for x, y in [*corners, corners[0]]]
        shape = {"type": "Polygon", "coordinates": [ring]} if number != 5 else None
        floors = {"层数": 2 + number % 3} if number % 4 else {}
        houses.append({"type": "Feature", "properties": floors, "geometry": shape})
    houses.append(houses[0])
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    whole = {"type": "FeatureCollection", "crs": crs, "features": houses}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def import_files(photo: Photographer, folder: Path) -> None:
    """Lead files through the wizard: choices, what is asked, the report."""
    window = photo.window
    write_survey(folder / SURVEY)
    window.documents.take([folder / name for name in (*FILES[:1], SURVEY, *FILES[1:])])
    wizard = photo.dialog("dialog-import")
    pages = photo.find(QStackedWidget, "import-pages", wizard)
    rows = photo.find(QTableWidget, "import-rows", wizard)
    names = photo.find(QListWidget, "import-files", wizard)
    photo.until(lambda: pages.currentIndex() == 0 and rows.rowCount() > 0, "first rows")
    photo.take("import", wizard)
    drawing = next(r for r in range(names.count()) if names.item(r).text() == "控制线")
    names.setCurrentRow(drawing)
    photo.take("import-asked", wizard)
    systems = photo.find(QComboBox, "import-crs", wizard)
    systems.setCurrentIndex(systems.findData("EPSG:4547"))
    photo.rest()
    photo.find(QAbstractButton, "import", wizard).click()
    photo.until(lambda: pages.currentIndex() == 2, "the report")
    photo.take("report", wizard)
    wizard.accept()
    window.desk.session.history.mark_saved()
    window.documents.close()
    photo.rest()


def look(photo: Photographer, project: Path) -> None:
    """Open the sample, select the highest tower, look at tables and looks."""
    window = photo.window
    window.documents.take([project])
    photo.until(lambda: bool(window.desk.project.layers), "the sample")
    photo.rest()
    window.show_view(FINANCE[photo.locale])
    photo.rest()
    layer = next(iter(window.desk.project.of_kind("buildings")))
    houses = cast(Buildings, layer.data)
    tallest = int(np.argmax(houses.height))
    west, south, east, north = houses.shapes.bounds()[tallest]
    middle = ((west + east) / 2, (south + north) / 2)
    ground = float(window.viewport.stage.context.ground.height_at([middle])[0])
    photo.do("tool-select")
    photo.click((*middle, ground + float(houses.height[tallest])))
    window.docks.show("inspector")
    photo.take("window")
    window.docks.show("attributes")
    photo.rest()
    line = photo.find(QLineEdit, "attributes-filter")
    line.setFocus()
    line.setText(HOTELS[photo.locale])  # keys of Chinese cannot be typed here
    photo.rest()
    QTest.keyClick(line, Qt.Key.Key_Return)
    photo.take("table")
    window.docks["attributes"].close()
    photo.do("select-none")
    window.desk.choose_layer(layer.id)
    tabs = photo.find(QTabWidget, "inspector-tabs")
    tabs.setCurrentIndex(1)
    photo.rest()
    photo.take("style", window.docks["inspector"])
    tabs.setCurrentIndex(0)


def measure(photo: Photographer) -> None:
    """Measure from bridge to bridge and the block of the towers."""
    window = photo.window
    window.show_view(BIRD[photo.locale])
    photo.rest()
    window.docks.show("measurements")
    ground = window.viewport.stage.context.ground
    photo.do("measure-area")
    corners = [(*xy, float(ground.height_at([xy])[0])) for xy in BLOCK]
    for corner in corners:
        photo.click(corner)
    photo.click(corners[-1], twice=True)
    photo.do("measure-distance")
    for xy in BRIDGE:
        photo.click((*xy, float(ground.height_at([xy])[0])))
    photo.take("measure")
    photo.do("tool-pan")


def paths(photo: Photographer) -> None:
    """Make a camera path and a story of the views, and ask how to film the path."""
    window = photo.window
    window.show_view(FINANCE[photo.locale])
    window.docks.show("tours")
    panel = photo.find(ToursPanel, "tours-panel")
    panel.add_path_of_views()
    photo.take("paths")
    window.desk.actions["film"].trigger()
    shown = photo.dialog("dialog-export-film")
    photo.take("film", shown)
    shown.reject()


def export(photo: Photographer) -> None:
    """Open the dialog that exports a picture."""
    photo.window.desk.actions["export-picture"].trigger()
    shown = photo.dialog("dialog-picture")
    photo.take("export", shown)
    shown.reject()


def main(locale: Literal["en", "zh-CN"], project: Path, folder: Path) -> None:
    """Take all pictures of the window in one language."""
    settings_file.save(Settings(language=locale, theme="light"))
    app = start.make_application(["citystage"])
    window = start.open_window(Desk(Session(journaled=False), settings_file.load()))
    window.resize(*SIZE)
    photo = Photographer(window, locale, folder)
    import_files(photo, project.parent)
    look(photo, project)
    measure(photo)
    paths(photo)
    export(photo)
    window.desk.session.history.mark_saved()
    window.close()
    app.processEvents()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    language: Literal["en", "zh-CN"] = "en" if sys.argv[1] == "en" else "zh-CN"
    main(language, Path(sys.argv[2]), Path(sys.argv[3]))

"""Editing buildings in the window: what is set in the panel, and the tools that use it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.qt.desk import Desk
from app.schemes import bring_in, buildings_layer
from layers import schemes_commands as commands
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.progress import Progress
from layers.schemes_build import USES
from layers.shapes import Floats, Ints
from scene.rays import Hit
from scene.stage import Stage
from scene.tools.adjust_building import AdjustBuilding, Adjustment, Way
from scene.tools.draw_footprint import DrawFootprint
from scene.tools.events import Tool
from scene.tools.spot import Spot
from scene.tools.trace import Trace

if TYPE_CHECKING:
    from layers.files.importing import Imported


@dataclass
class BuildSettings:
    """What the next building is like.

    Attributes
    ----------
    use : str
        Key of ``USES``.
    storeys : int
        Of the building, or of the tower on a podium.
    storey : float
        Height of a storey, metres; 0 takes the usual one of the use.
    podium_storeys : int
        0 for no podium.
    setback : float
        Metres the tower stands back from the podium's edges.
    columns, rows : int
        Array of copies, the original counted.
    gap : float
        Metres between the rows of an array.
    """

    use: str = "residential"
    storeys: int = 11
    storey: float = 0.0
    podium_storeys: int = 0
    setback: float = 6.0
    columns: int = 2
    rows: int = 1
    gap: float = 40.0

    @property
    def height(self) -> float:
        """Height of what would be built, metres."""
        top = self.storeys * (self.storey or USES[self.use].storey)
        return top + self.podium_storeys * USES["commercial"].storey


_settings: weakref.WeakKeyDictionary[Desk, BuildSettings] = weakref.WeakKeyDictionary()


def settings_of(desk: Desk) -> BuildSettings:
    """Give what the window's next building is like."""
    return _settings.setdefault(desk, BuildSettings())


def target_layer(desk: Desk) -> Layer | None:
    """Give the layer of buildings that is edited: the chosen one, else the lowest."""
    chosen = desk.layer
    if chosen is not None and isinstance(chosen.data, Buildings):
        return chosen
    try:
        return buildings_layer(desk.project)
    except CityError as error:
        desk.tell_error(error)
        return None


def select(desk: Desk, layer_id: str, ids: Ints) -> None:
    """Select buildings that were made."""
    desk.session.select({layer_id: ids})


def _draw(desk: Desk, stage: Stage) -> Tool:
    tool = DrawFootprint(stage, height=settings_of(desk).height)

    def build(corners: Floats) -> None:
        layer, now = target_layer(desk), settings_of(desk)
        if layer is None:
            return

        def run() -> None:
            blocks = commands.blocks_for(
                corners, use=now.use, storeys=now.storeys, storey=now.storey,
                podium_storeys=now.podium_storeys, setback=now.setback,
            )  # fmt: skip
            command, ids = commands.build(desk.project, layer.id, blocks)
            desk.session.run(command)
            select(desk, layer.id, ids[:1])

        desk.attempt(run)
        tool.height = settings_of(desk).height

    tool.drawn.connect(build)
    tool.left.connect(desk.lay_down_tool)
    return tool


def _split(desk: Desk, stage: Stage) -> Tool:
    tool = DrawFootprint(stage, fewest=2)

    def split(corners: Floats) -> None:
        layer = target_layer(desk)
        if layer is None or not isinstance(layer.data, Buildings):
            return
        building = commands.crossed(layer.data, corners)
        if not building:
            desk.tell("info", "build-crosses-none")
            return

        def run() -> None:
            command, ids = commands.cut(desk.project, layer.id, building, corners)
            desk.session.run(command)
            select(desk, layer.id, ids)

        desk.attempt(run)

    tool.drawn.connect(split)
    tool.left.connect(desk.lay_down_tool)
    return tool


def _adjust(way: Way) -> Callable[[Desk, Stage], Tool]:
    def make(desk: Desk, stage: Stage) -> Tool:
        tool = AdjustBuilding(stage, way)
        tool.adjusted.connect(lambda done: adjust(desk, done))
        tool.left.connect(desk.lay_down_tool)
        return tool

    return make


def adjust(desk: Desk, done: Adjustment) -> None:
    """Do what somebody did with the pointer, as a step that can be undone."""
    project, layer = desk.project, done.layer_id

    def run() -> None:
        if done.way == "move":
            desk.session.run(commands.move(project, layer, done.ids, done.east, done.north))
        elif done.way == "turn":
            desk.session.run(commands.turn(project, layer, done.ids, done.degrees, done.centre))
        elif done.way == "raise":
            desk.session.run(commands.push(project, layer, done.ids, done.metres))
        else:
            now = settings_of(desk)
            shifts = commands.array_shifts(
                done.east, done.north, max(now.columns, 2), now.rows, now.gap
            )
            command, ids = commands.copy(project, layer, done.ids, shifts)
            desk.session.run(command)
            select(desk, layer, ids)

    desk.attempt(run)


def _demolish(desk: Desk, stage: Stage) -> Tool:
    tool = Spot(stage)

    def take(hit: Hit) -> None:
        if hit.object_id and isinstance(desk.project.layer(hit.layer_id).data, Buildings):
            ids = np.array([hit.object_id])
            desk.attempt(
                lambda: desk.session.run(commands.demolish(desk.project, hit.layer_id, ids))
            )

    tool.taken.connect(take)
    return tool


def _demolish_area(desk: Desk, stage: Stage) -> Tool:
    tool = Trace(stage, closed=True)

    def take(corners: Floats) -> None:
        layer = target_layer(desk)
        if layer is not None:
            desk.attempt(
                lambda: desk.session.run(commands.demolish_inside(desk.project, layer.id, corners))
            )

    tool.traced.connect(take)
    tool.left.connect(desk.lay_down_tool)
    return tool


def demolish_selected(desk: Desk) -> None:
    """Take the selected buildings out."""
    for layer_id, ids in dict(desk.session.selection).items():
        if isinstance(desk.project.layer(layer_id).data, Buildings):
            command = commands.demolish(desk.project, layer_id, ids)
            desk.session.select({})
            desk.run(command)


def set_storeys(desk: Desk) -> None:
    """Give the selected building the storeys, their height and the use of the panel."""
    now = settings_of(desk)
    for layer_id, ids in dict(desk.session.selection).items():
        if isinstance(desk.project.layer(layer_id).data, Buildings):
            for building in ids.tolist():
                desk.run(
                    commands.set_storeys(
                        desk.project, layer_id, building, now.storeys, now.use, now.storey
                    )
                )


def import_buildings(desk: Desk, path: Path) -> None:
    """Add the buildings of a file to the edited layer; what they stand on is demolished."""
    project, layer = desk.project, target_layer(desk)
    if layer is None:
        return

    def work(progress: Progress) -> Imported:
        from layers.files.importing import import_file
        from layers.files.options import ImportOptions

        return import_file(project, path, ImportOptions(kind="buildings"), progress)

    def done(imported: Imported) -> None:
        if desk.project is project:
            command, told = bring_in(project, layer, imported.layers, clear=True)
            if desk.run(command):
                desk.tell(
                    "success", "build-imported", added=told.added, demolished=told.demolished,
                    layer=told.layer,
                )  # fmt: skip

    desk.start(desk.texts.t("job-reading-model", name=path.name), work, done)


#: Rows for the table of tools.
BUILD_TOOLS: dict[str, Callable[[Desk, Stage], Tool]] = {
    "build-draw": _draw,
    "build-move": _adjust("move"),
    "build-turn": _adjust("turn"),
    "build-copy": _adjust("copy"),
    "build-raise": _adjust("raise"),
    "build-split": _split,
    "build-demolish": _demolish,
    "build-clear": _demolish_area,
}

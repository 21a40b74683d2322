"""The commands that change a project. Each one can be undone exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import InitVar, dataclass, field
from typing import Any

from layers.errors import CityError
from layers.frame import Frame
from layers.held_memory import Holding
from layers.history import Command, Label
from layers.kinds import kind_of
from layers.kinds.base import Layer, LayerData
from layers.kinds.buildings import Buildings
from layers.kinds.measurements import Measurement, Measurements
from layers.project import Info, Project
from layers.style import Style
from layers.swap import Swap, Work
from layers.viewpoint import View


class _Step:
    """A command that never merges; the base of those here."""

    def absorb(self, later: Command) -> bool:
        """Keep steps apart."""
        del later
        return False


@dataclass(eq=False)
class AddLayer(_Step):
    """Put a new layer in; where the project has no frame yet it takes the given one."""

    layer: Layer
    position: int | None = None
    frame: Frame | None = None
    _set_frame: bool = field(default=False, init=False, repr=False)
    _inside: bool = field(default=False, init=False, repr=False)

    @property
    def label(self) -> Label:
        """Add layer NAME."""
        return Label("edit-add-layer", {"name": self.layer.name})

    def do(self, project: Project) -> None:
        """Insert the layer above those of its own or a lower rank unless a place is given."""
        if project.frame is None and self.frame is not None:
            project.frame = self.frame
            self._set_frame = True
        position = self.position
        if position is None:
            rank = kind_of(self.layer.kind).rank
            ranks = [kind_of(layer.kind).rank for layer in project.layers]
            position = next((i for i, other in enumerate(ranks) if other > rank), len(ranks))
        project.insert_layer(self.layer, position)
        self._inside = True

    def undo(self, project: Project) -> None:
        """Take the layer, and the frame it brought, out again."""
        project.take_layer(self.layer.id)
        self._inside = False
        if self._set_frame:
            project.frame = None
            self._set_frame = False

    def held(self) -> Iterator[object]:
        """Give the content of the layer while the project has it not."""
        if not self._inside:
            yield self.layer.data

    def condensing(self) -> Work | None:
        """Leave it as it is: where the layer is gone nothing is there to tell it by."""
        return None


@dataclass(eq=False)
class Together(_Step):
    """Several commands as one step: all or none."""

    steps: tuple[Command, ...]
    title: Label

    @property
    def label(self) -> Label:
        """What the whole does."""
        return self.title

    def do(self, project: Project) -> None:
        """Do all; where one fails the earlier ones are taken back."""
        done: list[Command] = []
        try:
            for step in self.steps:
                step.do(project)
                done.append(step)
        except BaseException:
            for step in reversed(done):
                step.undo(project)
            raise

    def undo(self, project: Project) -> None:
        """Take all back, last first."""
        for step in reversed(self.steps):
            step.undo(project)

    def held(self) -> Iterator[object]:
        """Give what the steps keep."""
        for step in self.steps:
            if isinstance(step, Holding):
                yield from step.held()

    def condensing(self) -> Work | None:
        """Give the first work that one of the steps has."""
        works = (step.condensing() for step in self.steps if isinstance(step, Holding))
        return next((work for work in works if work is not None), None)


@dataclass(eq=False)
class RemoveLayer(_Step):
    """Take a layer out."""

    layer_id: str
    _taken: tuple[Layer, int] | None = field(default=None, init=False, repr=False)
    _name: str = field(default="", init=False, repr=False)

    @property
    def label(self) -> Label:
        """Remove layer NAME."""
        return Label("edit-remove-layer", {"name": self._name or self.layer_id})

    def do(self, project: Project) -> None:
        """Take it out and keep it."""
        self._name = project.layer(self.layer_id).name
        self._taken = project.take_layer(self.layer_id)

    def undo(self, project: Project) -> None:
        """Put the same layer back in its place."""
        assert self._taken is not None
        project.insert_layer(*self._taken)
        self._taken = None

    def held(self) -> Iterator[object]:
        """Give the content of the layer."""
        if self._taken is not None:
            yield self._taken[0].data

    def condensing(self) -> Work | None:
        """Leave it as it is: where the layer is gone nothing is there to tell it by."""
        return None


@dataclass(eq=False)
class MoveLayer(_Step):
    """Put a layer at another place in the order."""

    layer_id: str
    position: int
    _before: int = field(default=0, init=False, repr=False)
    _name: str = field(default="", init=False, repr=False)

    @property
    def label(self) -> Label:
        """Move layer NAME."""
        return Label("edit-move-layer", {"name": self._name or self.layer_id})

    def do(self, project: Project) -> None:
        """Move it."""
        self._name = project.layer(self.layer_id).name
        self._before = project.move_layer(self.layer_id, self.position)

    def undo(self, project: Project) -> None:
        """Move it back."""
        project.move_layer(self.layer_id, self._before)


@dataclass(eq=False)
class SetLook:
    """Change one of a layer's looks: ``name``, ``visible``, ``opacity`` or ``style``."""

    layer_id: str
    what: str
    value: str | bool | float | Style
    _before: Any = field(default=None, init=False, repr=False)
    _name: str = field(default="", init=False, repr=False)

    def __post_init__(self) -> None:
        if self.what not in {"name", "visible", "opacity", "style"}:
            raise CityError("edit.no_such_look", f"A layer has no '{self.what}'.", what=self.what)

    @property
    def label(self) -> Label:
        """Such as: Hide NAME."""
        what = ("show" if self.value else "hide") if self.what == "visible" else self.what
        name = self.value if self.what == "name" else self._name or self.layer_id
        return Label(f"edit-look-{what}", {"name": name})

    def do(self, project: Project) -> None:
        """Set the new value."""
        layer = project.layer(self.layer_id)
        self._name, self._before = layer.name, getattr(layer, self.what)
        setattr(layer, self.what, self.value)

    def undo(self, project: Project) -> None:
        """Set the old value."""
        setattr(project.layer(self.layer_id), self.what, self._before)

    def absorb(self, later: Command) -> bool:
        """Merge with a later change of the same thing."""
        if (
            isinstance(later, SetLook)
            and later.layer_id == self.layer_id
            and later.what == self.what
        ):
            self.value = later.value
            return True
        return False


@dataclass(eq=False)
class SetData(_Step):
    """Swap a layer's content; the label tells what for."""

    layer_id: str
    data: InitVar[LayerData]
    title: Label
    _swap: Swap = field(default_factory=Swap, init=False, repr=False)

    def __post_init__(self, data: LayerData) -> None:
        self._swap.after = data

    @property
    def label(self) -> Label:
        """What the swap is for."""
        return self.title

    def do(self, project: Project) -> None:
        """Swap."""
        self._swap.do(project.layer(self.layer_id))

    def undo(self, project: Project) -> None:
        """Swap back."""
        self._swap.undo(project.layer(self.layer_id))

    def held(self) -> Iterator[object]:
        """Give the contents that are kept."""
        return self._swap.held()

    def condensing(self) -> Work | None:
        """Give the work of keeping less of them."""
        return self._swap.condensing()


@dataclass(eq=False)
class SetHeight:
    """Give a building another height."""

    layer_id: str
    building_id: int
    metres: float
    _swap: Swap = field(default_factory=Swap, init=False, repr=False)

    @property
    def label(self) -> Label:
        """Set height of BUILDING to METRES."""
        return Label("edit-set-height", {"building": self.building_id, "metres": self.metres})

    def do(self, project: Project) -> None:
        """Set the height; the building then counts as edited."""
        layer = project.layer(self.layer_id)
        if not isinstance(layer.data, Buildings):
            raise CityError(
                "edit.not_buildings", f"'{layer.name}' holds no buildings.", name=layer.name
            )
        self._swap.after = layer.data.with_heights([self.building_id], [self.metres])
        self._swap.do(layer)

    def undo(self, project: Project) -> None:
        """Give the layer its old content."""
        self._swap.undo(project.layer(self.layer_id))
        self._swap = Swap()  # what was before is at hand, what comes after is worked out again

    def absorb(self, later: Command) -> bool:
        """Merge with a later height of the same building."""
        if (
            isinstance(later, SetHeight)
            and later.layer_id == self.layer_id
            and later.building_id == self.building_id
            and self._swap.absorb(later._swap)
        ):
            self.metres = later.metres
            return True
        return False

    def held(self) -> Iterator[object]:
        """Give the contents that are kept."""
        return self._swap.held()

    def condensing(self) -> Work | None:
        """Give the work of keeping less of them."""
        return self._swap.condensing()


@dataclass(eq=False)
class SetViews(_Step):
    """Swap the list of named views; the label tells what for."""

    views: tuple[View, ...]
    title: Label
    _before: tuple[View, ...] = field(default=(), init=False, repr=False)

    @property
    def label(self) -> Label:
        """What the swap is for."""
        return self.title

    def do(self, project: Project) -> None:
        """Swap."""
        names = [view.name for view in self.views]
        if len(set(names)) != len(names) or not all(name.strip() for name in names):
            raise CityError(
                "view.name",
                "Two views cannot have the same name, and none can be empty.",
                hint="choose another name",
            )
        self._before, project.views = project.views, self.views

    def undo(self, project: Project) -> None:
        """Swap back."""
        project.views = self._before


def save_view(project: Project, view: View) -> SetViews:
    """Make the command that adds a view, or replaces the one of the same name."""
    names = [old.name for old in project.views]
    if view.name in names:
        views = tuple(view if old.name == view.name else old for old in project.views)
    else:
        views = (*project.views, view)
    return SetViews(views, Label("edit-save-view", {"name": view.name}))


def remove_view(project: Project, name: str) -> SetViews:
    """Make the command that removes a view."""
    project.view(name)
    views = tuple(old for old in project.views if old.name != name)
    return SetViews(views, Label("edit-remove-view", {"name": name}))


@dataclass(eq=False)
class SetInfo:
    """Change title, author, note or moment of the project."""

    info: Info
    _before: Info | None = field(default=None, init=False, repr=False)

    @property
    def label(self) -> Label:
        """Change project settings."""
        return Label("edit-set-info")

    def do(self, project: Project) -> None:
        """Set it."""
        self._before, project.info = project.info, self.info

    def undo(self, project: Project) -> None:
        """Set the old one."""
        assert self._before is not None
        project.info = self._before

    def absorb(self, later: Command) -> bool:
        """Merge with a later change."""
        if isinstance(later, SetInfo):
            self.info = later.info
            return True
        return False


@dataclass(eq=False)
class SetFrame(_Step):
    """Choose the coordinate system of an empty project, or its city grid and height datum."""

    frame: Frame
    _before: Frame | None = field(default=None, init=False, repr=False)

    @property
    def label(self) -> Label:
        """Set the coordinate system."""
        return Label("edit-set-frame", {"crs": self.frame.name})

    def do(self, project: Project) -> None:
        """Set it.

        Raises
        ------
        CityError
            ``project.crs_fixed`` if layers lie in another system already.
        """
        if project.frame is not None and project.layers and project.frame.crs != self.frame.crs:
            raise CityError(
                "project.crs_fixed",
                "The coordinate system cannot change while the project holds layers.",
                hint="make a new project with the other system and import the files there",
            )
        self._before, project.frame = project.frame, self.frame

    def undo(self, project: Project) -> None:
        """Set the old one."""
        project.frame = self._before


def measurement_layer(project: Project) -> Layer | None:
    """Give the layer that keeps the measurements, None while there is none."""
    return next(project.of_kind("measurements"), None)


def change_measurements(
    project: Project, data: Measurements, title: Label, *, layer_name: str = "Measurements"
) -> Command:
    """Make the command that swaps the measurements, adding their layer where it is missing."""
    layer = measurement_layer(project)
    if layer is None:
        kind = kind_of("measurements")
        new = Layer(kind.key, layer_name, data, style=kind.style)
        return Together((AddLayer(new),), title)
    return SetData(layer.id, data, title)


def add_measurement(
    project: Project, item: Measurement, *, layer_name: str = "Measurements"
) -> Command:
    """Make the command that keeps a new measurement; it gets the next number."""
    layer = measurement_layer(project)
    data = layer.data if layer is not None else Measurements()
    assert isinstance(data, Measurements)
    title = Label("edit-add-measurement", {"name": item.name})
    return change_measurements(project, data.with_new(item), title, layer_name=layer_name)


def remove_measurements(project: Project, ids: Iterable[int]) -> Command:
    """Make the command that removes measurements by their numbers."""
    layer = measurement_layer(project)
    if layer is None or not isinstance(layer.data, Measurements):
        raise CityError("measurements.none", "The project holds no measurements.")
    data = layer.data
    names = []
    for measurement_id in ids:
        names.append(data.get(measurement_id).name)
        data = data.without(measurement_id)
    return SetData(layer.id, data, Label("edit-remove-measurement", {"name": ", ".join(names)}))

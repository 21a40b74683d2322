"""The scheming half of the Python interface; `app.api.City` has these verbs."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon

from app.session import Session
from layers.edits import SetData
from layers.errors import CityError
from layers.history import Label
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.progress import Progress
from layers.project import Project
from layers.schemes import captured, free_id, show, showing, shown_name
from layers.schemes_build import inside, without
from layers.schemes_edits import (
    activate,
    duplicate,
    new_scheme,
    promote,
    rebase,
    remove_scheme,
    set_scheme,
    set_status,
)
from layers.schemes_merge import Conflict, Side, conflicts, merge
from layers.schemes_model import EXISTING, Scheme, Schemes
from layers.schemes_rows import put, renumbered


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import into a scheme did.

    Attributes
    ----------
    demolished, added : int
        Objects that went and came, parts counted one by one.
    layer : str
        Name of the layer.
    """

    demolished: int
    added: int
    layer: str


def author_of(project: Project) -> str:
    """Give who works: the author of the project, else the user of the computer."""
    if project.info.author:
        return project.info.author
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no user name, as in some containers
        return ""


class Scheming:
    """Schemes of an open project: made, shown, filled, merged, promoted."""

    session: Session
    _returns_to: str | None = None

    @property
    def schemes(self) -> Schemes:
        """All schemes, with what was edited in the active one."""
        return captured(self.session.project)

    @property
    def scheme(self) -> str:
        """Name of the scheme that is shown, ``existing`` for the city as it is."""
        return shown_name(self.session.project.schemes)

    def new_scheme(
        self, name: str, *, parent: str = EXISTING, note: str = "", author: str = ""
    ) -> Scheme:
        """Add a scheme and make it the active one: edits land in it from now on.

        Parameters
        ----------
        name : str
            Its name.
        parent : str
            Scheme it builds on.
        note, author : str
            Remark, and who makes it; "" takes the author of the project or the user.

        Raises
        ------
        CityError
            ``schemes.name_taken``, ``schemes.name_empty``, ``schemes.no_such``.
        """
        project = self.session.project
        who = author or author_of(project)
        self.session.run(new_scheme(name, parent=parent, author=who, note=note))
        return self.schemes.get(name.strip())

    def activate_scheme(self, name: str) -> None:
        """Show a scheme and edit it; ``existing`` is the city as it is."""
        self.session.run(activate(name))

    def look_at_scheme(self, name: str) -> None:
        """Show any scheme for now, archived ones too; saving keeps the one that was active."""
        project = self.session.project
        if self._returns_to is None:
            self._returns_to = project.schemes.active
        show(project, *showing(project, captured(project).find(name)))

    def shown_as_before(self) -> None:
        """Show the scheme again that was active before `look_at_scheme`."""
        if self._returns_to is not None:
            project, name = self.session.project, self._returns_to
            self._returns_to = None
            show(project, *showing(project, captured(project).find(name)))

    def set_scheme(self, name: str, **changes: str) -> None:
        """Change ``new_name``, ``note`` or ``author`` of a scheme."""
        self.session.run(set_scheme(name, **changes))

    def duplicate_scheme(self, name: str, new_name: str) -> None:
        """Add a scheme with the same changes."""
        author = author_of(self.session.project)
        self.session.run(duplicate(name, new_name, author=author))

    def archive_scheme(self, name: str) -> None:
        """Put a scheme aside; it can be looked at and compared, not edited."""
        self.session.run(set_status(name, "archived"))

    def restore_scheme(self, name: str) -> None:
        """Take a scheme out of the archive."""
        self.session.run(set_status(name, "draft"))

    def remove_scheme(self, name: str) -> None:
        """Remove a scheme."""
        self.session.run(remove_scheme(name))

    def promote_scheme(self, name: str) -> None:
        """Make a scheme the existing city."""
        self.session.run(promote(name))

    def rebase_scheme(self, name: str, parent: str) -> None:
        """Let a scheme build on another one and stay as it looks."""
        self.session.run(rebase(name, parent))

    def scheme_conflicts(self, into: str, name: str) -> tuple[Conflict, ...]:
        """Give the objects that both schemes changed, each in its own way."""
        return conflicts(self.session.project, into, name)

    def merge_scheme(
        self,
        into: str,
        name: str,
        *,
        prefer: Side | None = None,
        choices: Mapping[tuple[str, int], Side] | None = None,
    ) -> None:
        """Take what a scheme changes into another; see `layers.schemes_merge.merge`."""
        self.session.run(merge(into, name, prefer=prefer, choices=choices))

    def demolish(self, area: Sequence[Sequence[float]], *, layer: str = "") -> int:
        """Take out the buildings that lie in an area for the most part; gives how many objects.

        Parameters
        ----------
        area : sequence of (east, north)
            Corners, project coordinates, metres.
        layer : str
            Layer of buildings; "" takes the only or lowest one.
        """
        target = buildings_layer(self.session.project, layer)
        assert isinstance(target.data, Buildings)
        ids = inside(target.data, polygon_of(area))
        if len(ids):
            title = Label("edit-build-demolish", {"count": len(ids)})
            self.session.run(SetData(target.id, without(target.data, ids), title))
        return len(ids)

    def import_into_scheme(
        self,
        path: str | Path,
        *,
        area: Sequence[Sequence[float]] | None = None,
        clear: bool = False,
        layer: str = "",
        progress: Progress | None = None,
        **options: Any,
    ) -> Brought:
        """Demolish in an area and add the buildings of a file, in the layer there is.

        Parameters
        ----------
        path : str or pathlib.Path
            File with footprints.
        area : sequence of (east, north) or None
            Where to demolish, project coordinates.
        clear : bool
            Demolish what the new footprints stand on, too.
        layer : str
            Layer of buildings; "" takes the only or lowest one.
        progress : Progress or None
            Is told how far reading is.
        **options
            Fields of `layers.files.options.ImportOptions`.

        Raises
        ------
        CityError
            As the import does; nothing is changed then.
        """
        from layers.files.importing import import_file
        from layers.files.options import ImportOptions

        project = self.session.project
        target = buildings_layer(project, layer)
        chosen = ImportOptions(kind="buildings", **options)
        imported = import_file(project, Path(path), chosen, progress)
        command, done = bring_in(project, target, imported.layers, area, clear=clear)
        self.session.run(command)
        return done


def bring_in(
    project: Project,
    target: Layer,
    layers: Sequence[Layer],
    area: Sequence[Sequence[float]] | None = None,
    *,
    clear: bool = False,
) -> tuple[SetData, Brought]:
    """Make the command that adds imported buildings to a layer and demolishes for them.

    Parameters
    ----------
    project : Project
        The project.
    target : Layer
        Layer of buildings that gets them.
    layers : sequence of Layer
        What an import made.
    area : sequence of (east, north) or None
        Where to demolish.
    clear : bool
        Demolish what the new footprints stand on, too.
    """
    data = target.data
    assert isinstance(data, Buildings)
    gone = np.zeros(0, dtype=np.int64)
    if area is not None:
        gone = inside(data, polygon_of(area))
    fresh = [new.data for new in layers if isinstance(new.data, Buildings)]
    if clear:
        for new in fresh:
            for footprint in new.shapes.to_shapely():
                gone = np.union1d(gone, touching(data, footprint))
    if len(gone):
        data = without(data, gone)
    first, added = free_id(project, target.id), 0
    for new in fresh:
        data = with_rows(data, new, first)
        first, added = first + len(new), added + len(new)
    name = next((new.name for new in layers), "")
    title = Label("edit-build-import", {"name": name, "count": added})
    return SetData(target.id, data, title), Brought(len(gone), added, target.name)


def polygon_of(area: Sequence[Sequence[float]]) -> Polygon:
    """Make an area of its corners.

    Raises
    ------
    CityError
        ``schemes.area`` if it crosses itself or has fewer than three corners.
    """
    corners = [(float(p[0]), float(p[1])) for p in area]
    shape = Polygon(corners) if len(corners) >= 3 else Polygon()
    if shape.is_empty or not shape.is_valid or shape.area <= 0.0:
        raise CityError(
            "schemes.area",
            "The area crosses itself or has fewer than three corners.",
            hint="give its corners one after the other, once around",
        )
    return shape


def buildings_layer(project: Project, name: str = "") -> Layer:
    """Give the layer of buildings to edit.

    Raises
    ------
    CityError
        ``schemes.no_buildings`` where there is none, ``edit.not_buildings``.
    """
    if name:
        layer = project.layer(name)
        if not isinstance(layer.data, Buildings):
            raise CityError(
                "edit.not_buildings", f"'{layer.name}' holds no buildings.", name=layer.name
            )
        return layer
    found = next(project.of_kind("buildings"), None)
    if found is None:
        raise CityError(
            "schemes.no_buildings",
            "The project has no layer of buildings.",
            hint="import buildings first",
        )
    return found


def touching(data: Buildings, footprint: Polygon) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Give the numbers of the buildings that a footprint overlaps by more than 1 m2."""
    west, south, east, north = footprint.bounds
    box = data.shapes.bounds()
    near = np.flatnonzero(
        (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
    )
    shapes = data.shapes.take(near).to_shapely()
    over = shapely.area(shapely.intersection(shapes, footprint)) > 1.0
    return data.ids[near[over]]


def with_rows(data: Buildings, new: Buildings, first: int) -> Buildings:
    """Add buildings of another layer with new numbers from `first` on, fields by their names."""
    rows, _ = renumbered(new.pack(), np.ones(len(new), dtype=bool), first)
    return Buildings.unpack(put(data.pack(), rows))

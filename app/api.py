"""Citystage in Python: open or make a project, import, look, measure, draw and save.

Examples
--------
>>> from app import api
>>> city = api.new_project(crs="EPSG:4547")
>>> found = city.measure_distance((508000, 3378000, 40), (508300, 3378400, 40))
>>> round(found.values["horizontal_m"], 3)
500.0
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from app import arguments
from app.analyses import Analysing
from app.cutting import cut_from
from app.drills import Drilling
from app.exporting import Exporting
from app.measuring import Measuring
from app.modelling import Modelling
from app.pipe_digging import Digging
from app.pipe_papers import Papering
from app.pipe_sections import Sectioning
from app.piping import Piping
from app.schemes import Scheming
from app.session import Session
from app.sunning import Sunning
from app.symbols import Symbols
from app.touring import Touring
from layers.cut import Cut
from layers.daylight import read_moment
from layers.edits import (
    RemoveLayer,
    SetInfo,
    SetLook,
    remove_view,
    save_view,
)
from layers.errors import CityError
from layers.history import Command
from layers.kinds.base import Layer
from layers.looks import checked
from layers.progress import Progress, Silent
from layers.schemes import project_with
from layers.style import Style, recoloured
from layers.touring import rename_view
from layers.viewpoint import View, Viewpoint, exaggerated, exploded, seen_through

if TYPE_CHECKING:
    from layers.files.raw import Note
    from layers.files.report import LayerReport
    from scene.offscreen import Picture

PathLike = str | Path


def new_project(path: PathLike | None = None, *, crs: str = "", title: str = "") -> City:
    """Make an empty project.

    Parameters
    ----------
    path : str, pathlib.Path or None
        Where to write it at once; None keeps it in memory until `City.save`.
    crs : str
        Coordinate system, such as ``EPSG:4547``; "" lets the first import propose one.
    title : str
        Shown on pictures.

    Raises
    ------
    CityError
        ``project.exists`` if the file is there already, ``crs.unknown``, ``crs.not_metric``.

    Examples
    --------
    >>> new_project(crs="EPSG:4547", title="Riverside").project.info.title
    'Riverside'
    """
    session = Session(journaled=False)
    session.new(crs, title)
    if path is not None:
        target = Path(path)
        if target.exists():
            raise CityError(
                "project.exists",
                "The file is there already.",
                hint="choose another name, or remove the file first",
                where=str(target),
            )
        session.save_as(target)
    return City(session)


def open_project(
    path: PathLike, *, read_only: bool = False, progress: Progress | None = None
) -> City:
    """Open a project file.

    Parameters
    ----------
    path : str or pathlib.Path
        A ``.gpkg`` file that Citystage wrote.
    read_only : bool
        Look only: the file may be open elsewhere, and saving needs another path.
    progress : Progress or None
        Is told how far reading is.

    Raises
    ------
    CityError
        ``project.in_use`` if another program has it open; else what is wrong with the file.
    """
    session = Session(journaled=False)
    if read_only:
        from layers.files.project_file import open_project as read_project

        opened = read_project(Path(path), progress or Silent())
        session.adopt(opened.project, None)
        return City(session, opened.notes)
    return City(session, session.open(Path(path), progress))


class City(
    Measuring,
    Analysing,
    Drilling,
    Symbols,
    Touring,
    Modelling,
    Exporting,
    Sunning,
    Sectioning,
    Digging,
    Scheming,
    Papering,
    Piping,
):
    """An open project with the verbs of the command line.

    Use it in a ``with`` statement, or call `close`, so that the file is free for others.

    Parameters
    ----------
    session : Session
        Holds the project; `new_project` and `open_project` make it.
    notes : tuple of Note
        What opening the file found that the user should know.
    """

    def __init__(self, session: Session, notes: tuple[Note, ...] = ()) -> None:
        self.session = session
        self.notes = notes

    def __enter__(self) -> City:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def path(self) -> Path | None:
        """The file, None where there is none yet."""
        return self.session.path

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, bottom first."""
        return self.project.layers

    @property
    def views(self) -> tuple[View, ...]:
        """The named views."""
        return self.project.views

    def run(self, command: Command) -> None:
        """Do any command of `layers.edits`; it can be undone."""
        self.session.run(command)

    def undo(self) -> None:
        """Take the last step back."""
        self.session.undo()

    def save(
        self,
        path: PathLike | None = None,
        progress: Progress | None = None,
        *,
        overwrite: bool = False,
    ) -> None:
        """Write the project to its file, or to another one.

        With `overwrite` it replaces what another program wrote there.

        Raises
        ------
        CityError
            ``session.no_path`` where there is no file; ``project.in_use``; as writing does.
        """
        self.shown_as_before()
        if path is None:
            self.session.save(progress, overwrite=overwrite)
        else:
            self.session.save_as(Path(path), progress, overwrite=overwrite)

    def close(self) -> None:
        """Let the file go; what was not saved is gone."""
        self.session.close()

    # Layers ----------------------------------------------------------------------------------

    def import_file(
        self,
        path: PathLike,
        kind: str | None = None,
        *,
        progress: Progress | None = None,
        **options: Any,
    ) -> tuple[LayerReport, ...]:
        """Import a file as new layers.

        Parameters
        ----------
        path : str or pathlib.Path
            A file, a folder of tiles or a ``.zip``.
        kind : str or None
            ``buildings``, ``roads``, ``terrain``, ...; None takes the proposal.
        progress : Progress or None
            Is told how far it is.
        **options
            Fields of `layers.files.importing.ImportOptions`: ``name``, ``layer``,
            ``encoding``, ``crs``, ``height_field``, ``storey_height``, ``default_height``, ...

        Returns
        -------
        tuple of LayerReport
            One account per new layer: read, kept, repaired, skipped with reasons.

        Raises
        ------
        CityError
            As the import does; nothing is changed then.

        Examples
        --------
        >>> import json, tempfile
        >>> ring = [[508000, 3378000], [508020, 3378000], [508020, 3378020], [508000, 3378000]]
        >>> house = {
        ...     "type": "Feature", "properties": {"floors": 4},
        ...     "geometry": {"type": "Polygon", "coordinates": [ring]},
        ... }
        >>> city = new_project(crs="EPSG:4547")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "houses.geojson"
        ...     _ = path.write_text(json.dumps(house))
        ...     (report,) = city.import_file(path, "buildings", crs="EPSG:4547")
        >>> report.read, report.kept, report.height_rule, city.layers[0].name
        (1, 1, 'floors x 3 m', 'houses')
        """
        from layers.files.options import ImportOptions

        known = ImportOptions.__dataclass_fields__.keys()
        wrong = [name for name in options if name not in known]
        if wrong:
            raise CityError(
                "api.no_such_option",
                f"The import has no option '{wrong[0]}'.",
                hint=f"the options are: {', '.join(known)}",
                option=wrong[0],
                options=", ".join(known),
            )
        chosen = ImportOptions(kind=kind, **options)
        return self.session.import_file(Path(path), chosen, progress).reports

    def show(self, *names: str) -> None:
        """Show layers, named by name, id or kind."""
        self._look(names, "visible", value=True)

    def hide(self, *names: str) -> None:
        """Hide layers, named by name, id or kind."""
        self._look(names, "visible", value=False)

    def rename(self, name: str, new_name: str) -> None:
        """Give a layer another name."""
        self.run(SetLook(self.project.layer(name).id, "name", new_name))

    def remove_layer(self, name: str) -> None:
        """Take a layer out of the project."""
        self.run(RemoveLayer(self.project.layer(name).id))

    def style(self, name: str, **changes: Any) -> None:
        """Change a layer's style.

        Parameters
        ----------
        name : str
            Name or id of the layer.
        **changes
            Fields of `layers.style.Style`, such as ``colour="#e53935"``; also ``opacity``, 0 to 1.

        Raises
        ------
        CityError
            ``style.no_such_field``, ``style.colour``.
        """
        layer = self.project.layer(name)
        if (opacity := changes.pop("opacity", None)) is not None:
            self.run(SetLook(layer.id, "opacity", float(opacity)))
        known = Style.__dataclass_fields__.keys()
        if wrong := [key for key in changes if key not in known]:
            raise CityError(
                "style.no_such_field",
                f"A style has no '{wrong[0]}'.",
                hint=f"it has: {', '.join(known)}",
                field=wrong[0],
                fields=", ".join(known),
            )
        if changes:
            self.run(SetLook(layer.id, "style", replace(layer.style, **changes)))

    def colour_by(
        self,
        name: str,
        field: str | None,
        mode: str = "",
        *,
        steps: int = 6,
        method: arguments.Method = "quantiles",
        unit: str = "",
    ) -> None:
        """Colour a layer by the values of a field.

        Parameters
        ----------
        name : str
            Name or id of the layer.
        field : str or None
            An attribute, or ``height`` for built heights; None takes the colouring away.
        mode : str
            ``"ranges"``, ``"categories"``, limits between ranges such as
            ``"24,50,100"``, or "" for what fits the field.
        steps, method, unit
            Number of ranges, ``"quantiles"`` or ``"equal"``, and the unit behind the numbers.
        """
        layer = self.project.layer(name)
        made = (
            None
            if field is None
            else arguments.colouring(layer, field, mode, steps=steps, method=method, unit=unit)
        )
        self.run(SetLook(layer.id, "style", recoloured(layer.style, made)))

    def _look(self, names: Sequence[str], what: str, *, value: bool) -> None:
        for layer_id in sorted(arguments.pick_layers(self.project, names)):
            self.run(SetLook(layer_id, what, value))

    # Views and pictures ----------------------------------------------------------------------

    def camera(
        self, x: float, y: float, height: float, heading: float, pitch: float, *, crs: str = "",
        fov: float | None = None,
    ) -> Viewpoint:  # fmt: skip
        """Make a camera from degrees.

        Parameters
        ----------
        x, y : float
            Longitude and latitude, or coordinates in `crs`.
        height : float
            Metres above the project's height datum.
        heading, pitch : float
            Degrees: clockwise from grid north; 0 level, -90 straight down.
        crs : str
            System of `x` and `y`; "" means longitude and latitude (WGS 84).
        fov : float or None
            Vertical field of view, degrees.
        """
        numbers = [x, y, height, heading, pitch] + ([] if fov is None else [fov])
        text = ",".join(repr(float(v)) for v in numbers)
        return arguments.parse_camera(self.project, text, crs or arguments.WGS84)

    def overview(self, heading: float = 0.0, pitch: float = -38.0) -> Viewpoint:
        """Make a camera that sees everything visible; degrees."""
        return arguments.overview(self.project, math.radians(heading), math.radians(pitch))

    def save_view(
        self,
        name: str,
        camera: Viewpoint,
        *,
        hidden: Sequence[str] | None = None,
        moment: str = "",
        note: str = "",
        look: str = "",
        cut: str | Cut | None = None,
        underground: float = 0.0,
        explode: float = 0.0,
    ) -> View:
        """Keep a camera as a named view; one of the same name is replaced.

        Parameters
        ----------
        name : str
            What to call it.
        camera : Viewpoint
            From `camera` or `overview`.
        hidden : sequence of str or None
            Layers (names, ids or kinds) switched off in it; None leaves the layers as they are.
        moment : str
            ISO 8601 local time for the sun; "" takes the project's.
        note : str
            Remark.
        look : str
            One of `layers.looks.LOOKS`; "" takes the project's.
        cut : str, Cut or None
            What is taken away, see `app.cutting.parse_cut`.
        underground : float
            How much of the ground is seen through, 0 (solid) to 1.
        explode : float
            Metres that the layers are drawn apart, 0 to 2000. A cut counts before it.

        Examples
        --------
        >>> city = new_project(crs="EPSG:4547")
        >>> eye = city.camera(508000, 3378000, 900, heading=20, pitch=-35, crs="EPSG:4547")
        >>> view = city.save_view("From the south", eye, moment="2026-12-21T12:00", look="white")
        >>> [view.name for view in city.views]
        ['From the south']
        """
        if moment:
            read_moment(moment)
        ids = None
        if hidden is not None:
            ids = tuple(sorted(arguments.pick_layers(self.project, hidden)))
        through = seen_through(underground)
        view = View(
            name, camera, ids, moment, note, checked(look), cut_from(cut), through,
            exploded(explode),
        )  # fmt: skip
        self.run(save_view(self.project, view))
        return view

    def remove_view(self, name: str) -> None:
        """Forget a named view."""
        self.run(remove_view(self.project, name))

    def rename_view(self, old: str, new: str) -> None:
        """Give a named view another name; stories that show it go along."""
        self.run(rename_view(self.project, old, new))

    def set_info(self, **changes: Any) -> None:
        """Change title, author, note, moment, look or exaggeration of the project.

        Raises
        ------
        CityError
            ``daylight.moment`` if the moment is not ISO 8601, ``look.unknown``,
            ``view.exaggeration``.

        Examples
        --------
        >>> city = new_project(crs="EPSG:4547", title="Riverside")
        >>> city.set_info(author="Bureau of planning", moment="2026-12-21T12:00")
        >>> city.project.info.author
        'Bureau of planning'
        >>> city.undo()
        >>> city.project.info.author
        ''
        """
        if "moment" in changes:
            read_moment(changes["moment"])
        checked(changes.get("look", ""))
        exaggerated(changes.get("exaggeration", 1.0))
        self.run(SetInfo(replace(self.project.info, **changes)))

    def render(
        self, view: str | View | None = None, *, camera: Viewpoint | None = None,
        size: tuple[int, int] = arguments.DEFAULT_SIZE, title: str | None = None,
        furniture: bool = True, transparent: bool = False, hide: Sequence[str] = (),
        show: Sequence[str] = (), moment: str = "", shadows: bool = False,
        corner_shade: bool = True, look: str = "", cut: str | Cut | None = None,
        underground: float | None = None, exaggeration: float = 0.0,
        explode: float | None = None, scheme: str = "", locale: str = "",
        progress: Progress | None = None,
    ) -> Picture:  # fmt: skip
        """Draw a picture; no display is needed.

        Parameters
        ----------
        view : str, View or None
            A named view; without it and without `camera` everything is shown from the south.
        camera : Viewpoint or None
            Where to look from instead.
        size : (int, int)
            Width and height, pixels, up to 16384 each.
        title : str or None
            Heading of the picture; None takes view and project.
        furniture : bool
            Whether to draw title, legend, north arrow, scale bar, date and coordinates.
        transparent : bool
            Whether what is behind the city is see-through.
        hide, show : sequence of str
            Layers (names, ids or kinds) to switch off or on for this picture only.
        moment : str
            ISO 8601 local time for the sun; "" takes the view's or the project's.
        shadows : bool
            Whether buildings and terrain throw their true shadows.
        corner_shade : bool
            Whether corners are shaded, as in the window.
        look : str
            ``"attributes"``, ``"white"``, ``"realistic"``, ``"night"`` or ``"blueprint"``; "" takes
            the view's or the project's.
        cut : str, Cut or None
            What is taken away; None takes the view's.
        underground : float or None
            How much of the ground is seen through, 0 (solid) to 1; None takes the view's.
        exaggeration : float
            How many times higher everything is drawn than it is, 0.5 to 10; 0 takes the view's or
            the project's.
        explode : float or None
            Metres that the layers are drawn apart, 0 to 2000; None takes the view's.
        scheme : str
            Scheme to draw, ``existing`` for the city as it is; "" takes the one that is shown.
        locale : str
            Language of the furniture; "" takes the program's.
        progress : Progress or None
            Is told how far it is.

        Returns
        -------
        Picture
            ``picture.pixels`` is (height, width, 4) uint8, ``picture.save(path)`` writes a PNG.
        """
        from app.pictures import Order, Painter

        order = Order(
            view=self.project.view(view) if isinstance(view, str) else view,
            camera=camera,
            size=arguments.checked_size(*size),
            title=title,
            furniture=furniture,
            transparent=transparent,
            hide=tuple(hide),
            show=tuple(show),
            moment=moment,
            shadows=shadows, corner_shade=corner_shade, look=look, cut=cut_from(cut),
            underground=underground, exaggeration=exaggeration, explode=explode,
        )  # fmt: skip
        if moment:
            read_moment(moment)
        shown = project_with(self.project, scheme) if scheme else self.project
        with Painter(shown, locale) as painter:
            return painter.paint(order, progress)

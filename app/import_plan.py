"""What an import is going to do: the layers found in files and the choices made for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from layers.errors import CityError
from layers.frame import Frame
from layers.progress import Part, Progress
from layers.project import Project

if TYPE_CHECKING:
    from layers.files.fact_fields import FactFields
    from layers.files.importing import Imported
    from layers.files.line_templates import LineTemplate
    from layers.files.options import ImportOptions
    from layers.files.raw import LayerInfo, Note, RawLayer
    from layers.files.system_guesses import Guess
    from layers.style import Heights

ROWS = 20
ROWS_OF_ALL = 2000  # of a layer of mixed things, to find some of one theme among them
ROWS_OF_LINES = 5000  # of kinds whose values mean something, to see which there are
VALUED = ("control-lines", "resources", "hazards")  # kinds whose values are looked at
MOST_VALUES = 60  # different values of a field that may tell classes
MOST_WORDS = 400  # different words of a field that may tell sorts of resources
THEME = "theme"  # geometry of an entry that is one theme out of several layers of a file


@dataclass(frozen=True, slots=True)
class Look:
    """What the first rows of a layer show.

    Attributes
    ----------
    columns : tuple of str
        Names of the fields.
    numeric : tuple of str
        Fields that hold numbers, also inside texts.
    rows : tuple of tuple of str
        The first rows as texts.
    crs : str or None
        What the file says.
    encoding : str or None
        What the texts were read with.
    height, floors, min_height : str
        Fields found for buildings, "" for none.
    guesses : tuple of Guess
        Coordinate systems that would fit the numbers.
    notes : tuple of Note
        Remarks of the reader.
    values : dict of str to tuple of str
        Of control lines, resources and hazard sources: fields of few different texts, with them.
    """

    columns: tuple[str, ...]
    numeric: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    crs: str | None
    encoding: str | None
    height: str = ""
    floors: str = ""
    min_height: str = ""
    guesses: tuple[Guess, ...] = ()
    notes: tuple[Note, ...] = ()
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """One layer of one file and what is to be done with it.

    Attributes
    ----------
    path : pathlib.Path
        The file, folder or archive.
    layer : str
        Name of the layer in it, "" for rasters and themes.
    geometry : str
        As in `LayerInfo`; ``raster`` for rasters, ``theme`` for a theme of a file.
    count : int
        Features, -1 where the file does not say.
    told_crs, told_encoding : str or None
        What the file says.
    kind, name : str
        What the layer becomes; a name of "" is that of the kind in the user's language.
    include : bool
        Whether it is imported.
    encoding, crs : str
        Chosen by the user; "" takes what the file says.
    height_field, floors_field, min_height_field : str
        Chosen by the user; "" finds them by name.
    storey_height, default_height : float
        Metres.
    heights : str or None
        What heights of corners, or levels of buildings, mean; None takes them as usual.
    lines : LineTemplate or None
        Of control lines: what the values of a field mean; None: their names decide.
    facts : FactFields or None
        Of resources and hazard sources: which field says what; None: guessed by their names.
    look : Look or None
        The first rows, once they were read.
    """

    path: Path
    layer: str
    geometry: str
    count: int
    told_crs: str | None
    told_encoding: str | None
    kind: str
    name: str
    include: bool = True
    encoding: str = ""
    crs: str = ""
    height_field: str = ""
    floors_field: str = ""
    min_height_field: str = ""
    storey_height: float = 3.0
    default_height: float = 9.0
    heights: Heights | None = None
    lines: LineTemplate | None = None
    facts: FactFields | None = None
    look: Look | None = field(default=None, repr=False)

    @property
    def raster(self) -> bool:
        """Whether it is a grid of heights or a picture."""
        return self.geometry == "raster"

    @property
    def needs_crs(self) -> bool:
        """Whether somebody has to say the coordinate system."""
        told = self.told_crs or (self.look.crs if self.look is not None else None)
        return self.include and not self.crs and not told

    def options(self) -> ImportOptions:
        """Give the choices as the import takes them."""
        from layers.files.options import ImportOptions

        return ImportOptions(
            kind=self.kind,
            name=self.name,
            layer=self.layer or None,
            encoding=self.encoding or None,
            crs=self.crs or None,
            height_field=self.height_field or None,
            floors_field=self.floors_field or None,
            min_height_field=self.min_height_field or None,
            storey_height=self.storey_height,
            default_height=self.default_height,
            heights=self.heights,
            lines=self.lines if self.kind == "control-lines" else None,
            facts=self.facts if self.kind in ("resources", "hazards") else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Failed:
    """A file or a layer that could not be looked at or imported."""

    what: str
    error: CityError


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What an import of several layers gave; nothing of it is in the project yet."""

    imported: Imported | None
    failed: tuple[Failed, ...]


def find_entries(
    paths: Sequence[Path], storey_height: float, default_height: float, progress: Progress
) -> tuple[list[Entry], list[Failed]]:
    """List the layers of files; a file that cannot be read is told of, the others go on."""
    from layers.files.choosing import propose_kind
    from layers.files.options import ImportOptions
    from layers.files.raster import is_raster
    from layers.files.vector import list_layers

    entries: list[Entry] = []
    failed: list[Failed] = []
    for number, path in enumerate(paths):
        progress.step(number, len(paths), "progress-looking")
        try:
            if is_raster(path, ImportOptions()):
                entries.append(raster_entry(path))
                continue
            infos = [info for info in list_layers(path) if info.geometry != "none"]
        except CityError as error:
            failed.append(Failed(path.name, error))
            continue
        themes = theme_entries(path, infos, storey_height, default_height)
        entries.extend(themes)
        drawing = any(_is_whole(info) for info in infos)
        for info in infos:
            whole = _is_whole(info)
            entries.append(
                Entry(
                    path, info.name, info.geometry, info.count, info.crs, info.encoding,
                    propose_kind(info, path), path.stem if whole or not info.name else info.name,
                    include=whole if drawing else info.count != 0 and not themes,
                    storey_height=storey_height, default_height=default_height,
                )
            )  # fmt: skip
    return entries, failed


def theme_entries(
    path: Path, infos: Sequence[LayerInfo], storey_height: float, default_height: float
) -> list[Entry]:
    """Propose what an OpenStreetMap extract becomes: one layer for each theme in it.

    Its own layers hold everything of one shape: houses, lakes and forests are all
    "multipolygons". Gives nothing for files of other formats.
    """
    from layers.files.choosing import holds_osm
    from layers.files.themes import LAYERS, USUAL

    if not infos or not holds_osm(path):
        return []
    crs = infos[0].crs
    return [
        Entry(
            path, "", THEME, -1, crs, infos[0].encoding, kind, "", include=kind in USUAL,
            storey_height=storey_height, default_height=default_height,
        )
        for kind in LAYERS
    ]  # fmt: skip


def _is_whole(info: LayerInfo) -> bool:
    """Say whether a layer is the whole of a drawing, whose other layers are parts of it."""
    from layers.files.cad import WHOLE

    return info.name == WHOLE and info.geometry == "unknown"


def share_crs(chosen: Entry, entries: Sequence[Entry]) -> None:
    """Let the system chosen for one layer count for all of its file that do not tell theirs."""
    for entry in entries:
        if entry.path == chosen.path and entry.told_crs is None:
            entry.crs = chosen.crs


def raster_entry(path: Path) -> Entry:
    """Propose what a raster becomes: terrain with one band of heights, else imagery."""
    from layers.files.raster_source import kind_of_raster, opened

    with opened(path) as sources:
        kind = kind_of_raster(sources[0])
        told = {source.crs.to_string() if source.crs else None for source in sources}
    crs = told.pop() if len(told) == 1 else None
    return Entry(path, "", "raster", -1, crs, None, kind, path.stem)


def look_at(entry: Entry, frame: Frame | None) -> Look:
    """Read the first rows of a layer with the encoding chosen for it."""
    from layers.files.heights import find_fields
    from layers.files.importing import sample_of
    from layers.files.quantities import quantities
    from layers.files.system_guesses import guesses
    from layers.files.vector import preview
    from layers.style import texts

    if entry.raster:
        return Look((), (), (), entry.told_crs, None)
    valued = entry.kind in VALUED
    most = MOST_VALUES if entry.kind == "control-lines" else MOST_WORDS
    raw = _theme_preview(entry) if entry.geometry == THEME else preview(
        entry.path, layer=entry.layer or None, encoding=entry.encoding or None,
        rows=ROWS_OF_LINES if valued else ROWS,
    )  # fmt: skip
    table = raw.attributes
    columns = tuple(table.column_names)
    values = [texts(table.column(name)) for name in columns]
    rows = tuple(
        tuple("" if column[i] is None else str(column[i])[:200] for column in values)
        for i in range(min(len(raw), ROWS))
    )
    numeric = tuple(
        name for name in columns
        if _is_flat(table.column(name).type) and bool((quantities(table.column(name)) > 0).any())
    )  # fmt: skip
    found = find_fields(table)
    fitting = guesses(sample_of(raw), frame) if raw.crs is None else ()
    return Look(
        columns, numeric, rows, raw.crs, raw.encoding, found.height, found.floors,
        found.min_height, fitting, raw.notes,
        _few_values(columns, values, most) if valued else {},
    )  # fmt: skip


def _few_values(
    columns: Sequence[str],
    values: Sequence[np.ndarray[tuple[int], np.dtype[np.object_]]],
    most: int,
) -> dict[str, tuple[str, ...]]:
    """Give the fields of few different texts, which may tell classes, with the texts."""
    out: dict[str, tuple[str, ...]] = {}
    for name, column in zip(columns, values, strict=True):
        texts = tuple(dict.fromkeys(str(v) for v in column if v is not None and str(v).strip()))
        if 0 < len(texts) <= most:
            out[name] = texts
    return out


def _theme_preview(entry: Entry) -> RawLayer:
    """Read the first features of a theme."""
    from layers.files.themes import LAYERS, of_theme
    from layers.files.vector import preview

    layer = LAYERS.get(entry.kind, ("multipolygons",))[0]
    raw = preview(entry.path, layer=layer, rows=ROWS_OF_ALL)
    mine = np.flatnonzero(of_theme(raw, entry.kind))[:ROWS]
    return replace(
        raw, geometry=raw.geometry[mine], attributes=raw.attributes.take(mine), ids=raw.ids[mine],
        parent=None, tile=None, surfaces=None,
    )  # fmt: skip


def _is_flat(kind: object) -> bool:
    import pyarrow as pa

    return not (pa.types.is_nested(kind) or pa.types.is_temporal(kind) or pa.types.is_binary(kind))


def carry_out(project: Project, entries: Sequence[Entry], progress: Progress) -> Outcome:
    """Import the entries that are included, one after the other, into one step.

    The project is read, not changed. What fails is told of, the rest goes on.
    """
    from layers.files.importing import import_file

    wanted = [entry for entry in entries if entry.include]
    scratch = Project(project.frame, project.info)
    done: list[Imported] = []
    failed: list[Failed] = []
    absent: list[Failed] = []
    for number, entry in enumerate(wanted):
        part = Part(progress, number / len(wanted), (number + 1) / len(wanted))
        try:
            got = import_file(scratch, entry.path, entry.options(), part)
        except CityError as error:
            (absent if _is_absent(entry, error) else failed).append(Failed(entry.name, error))
            continue
        scratch.frame = got.frame
        done.append(got)
    if not done:
        return Outcome(None, tuple(failed or absent))
    whole = replace(
        done[0],
        layers=tuple(layer for got in done for layer in got.layers),
        reports=tuple(report for got in done for report in got.reports),
    )
    return Outcome(whole, tuple(failed))


def _is_absent(entry: Entry, error: CityError) -> bool:
    """Say whether nothing of a theme is in its file, which is no failure."""
    if entry.geometry != THEME:
        return False
    why = error.facts.get("why")
    return error.code == "import.empty" or (isinstance(why, dict) and set(why) == {"other_theme"})


def kinds_for(geometry: str) -> list[str]:
    """List the kinds that can hold a layer's shapes."""
    from layers.files.guessing import accepts
    from layers.files.themes import LAYERS
    from layers.kinds import KINDS

    made_here = ("measurements", "models", "clouds", "answers", "drills")
    if geometry == "raster":
        return [key for key, kind in KINDS.items() if kind.shapes == "raster"]
    if geometry == THEME:
        return [key for key in KINDS if key in LAYERS]
    return [
        key for key, kind in KINDS.items()
        if key not in made_here and kind.shapes != "raster" and accepts(key, geometry)
    ]  # fmt: skip

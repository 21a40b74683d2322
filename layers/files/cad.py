"""DXF drawings: CAD layers, colours and texts as attributes, arcs flattened, blocks exploded."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import ezdxf.recover
import pyarrow as pa
import pyarrow.compute as pc
from ezdxf.lldxf.const import DXFError

from layers.errors import CityError
from layers.files import ogr
from layers.files.cad_missing import completed
from layers.files.cad_texts import escaped, extrusions, unescaped, unescaped_table
from layers.files.columns import row_count_table
from layers.files.encodings import Guess, detect
from layers.files.raw import LayerInfo, Note, RawLayer, as_objects
from layers.progress import Progress

WHOLE = "entities"  # the layer that is the whole drawing

#: Units of $INSUNITS (DXF reference, header variables), as they are told.
_UNITS = {
    0: "unitless", 1: "inches", 2: "feet", 3: "miles", 4: "mm", 5: "cm", 6: "m", 7: "km",
    10: "yards", 14: "dm", 21: "us-survey-feet",
}  # fmt: skip
_UTF8_SINCE = "AC1021"  # AutoCAD 2007
_ARC_GAP = "5"  # longest straight piece of an arc in drawing units; 4 degrees at most
_SIGNS = re.compile(rb"[\x80-\xff][^\r\n]{0,400}")
_COLOUR = re.compile(r"c:#([0-9a-fA-F]{6})([0-9a-fA-F]{2})?")
_SIZE = re.compile(r"[,(]s:([\d.]+)g")
_ANGLE = re.compile(r"[,(]a:(-?[\d.]+)")


@dataclass(frozen=True, slots=True)
class Header:
    """What the beginning of a drawing says of it.

    Attributes
    ----------
    version : str
        Format, such as ``AC1015`` (AutoCAD 2000); empty for the oldest ones.
    code_page : str
        What ``$DWGCODEPAGE`` names, empty if nothing.
    units : str
        Drawing units, ``unitless`` if none are given.
    layers : tuple of str
        Names of the CAD layers.
    guess : Guess
        Encoding of the texts.
    whole : bool
        False if the file has no end mark: perhaps it was cut off.
    binary : bool
        Whether it is in the binary form.
    """

    version: str
    code_page: str
    units: str
    layers: tuple[str, ...]
    guess: Guess
    whole: bool
    binary: bool = False


def list_dxf(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of the whole drawing, and of each of its CAD layers."""
    header = read_header(path, encoding)
    fields = tuple((name, "string") for name in ("Layer", "Text", "Linetype", "Colour"))
    return [
        LayerInfo(name, "unknown", -1, fields, None, header.guess.encoding)
        for name in (WHOLE, *header.layers)
    ]


def read_dxf(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read a drawing or one of its CAD layers.

    Parameters
    ----------
    path : pathlib.Path
        The drawing, as text or binary.
    layer : str or None
        Name of a CAD layer; None or ``entities`` for all.
    encoding : str or None
        Encoding as the user decided; None to find it.
    progress : Progress
        Told after each batch.
    limit : int or None
        Stop after so many entities.

    Returns
    -------
    RawLayer
        Entities of the model space with ``Layer``, ``Text``, ``Linetype``,
        ``Colour`` (``#rrggbb``), ``TextHeight``, ``TextAngle`` and ``Visible``, and
        ``Thickness`` and ``Elevation`` where something is drawn upwards.
        A drawing has no coordinate system.

    Raises
    ------
    CityError
        ``file.damaged``, ``file.no_such_layer``.
    Cancelled
        If the progress says so.
    """
    header = read_header(path, encoding)
    notes = [*header.guess.notes(), Note("drawing_units", {"units": header.units})]
    if not header.whole:
        notes.append(Note("no_end_mark", {"name": path.name}))
    only = None if layer in (None, WHOLE) else layer
    try:
        raw = _with_gdal(path, path, only, header.guess, progress, limit)
        if limit is None and not header.binary:
            raw, left_out = completed(raw, path, only, header.guess.codec, progress)
            notes.extend(left_out)
    except CityError as error:
        if error.code != "file.damaged":
            raise
        with _mended(path, error) as copy:
            raw = _with_gdal(copy, path, only, detect(b"", chosen="UTF-8"), progress, limit)
        if len(raw) == 0:
            raise
        notes.append(Note("drawing_mended", {"reason": str(error.facts.get("reason", ""))}))
    raw = _with_thickness(replace(raw, attributes=unescaped_table(raw.attributes)), path)
    raw, more = _finished(raw)
    return replace(
        raw,
        name=layer or WHOLE,
        crs=None,
        encoding=header.guess.encoding,
        notes=(*notes, *more),
    )


def read_header(path: Path, encoding: str | None = None) -> Header:
    """Read what a drawing says of itself, and find the encoding of its texts."""
    data = path.read_bytes()
    if data.startswith(b"AutoCAD Binary DXF"):
        guess = detect(b"", chosen=encoding or "UTF-8")
        return Header("", "", "unitless", (), guess, whole=True, binary=True)
    version = _variable(data, b"$ACADVER")
    code_page = _variable(data, b"$DWGCODEPAGE")
    samples = [m.group().strip() for _, m in zip(range(5000), _SIGNS.finditer(data), strict=False)]
    declared = "UTF-8" if version >= _UTF8_SINCE else code_page.replace("_", "")
    if declared.lower() in {"ansi1252", "ascii", "dos437", "dos850"}:
        declared = ""  # what every program writes that thinks no more of it
    guess = detect(samples, declared=declared, chosen=encoding)
    units = _variable(data, b"$INSUNITS")
    tail = data[-64:].split()
    return Header(
        version=version,
        code_page=code_page,
        units=_UNITS.get(int(units) if units.isdigit() else 0, "unitless"),
        layers=tuple(_layer_names(data, guess.codec)),
        guess=guess,
        whole=bool(tail) and tail[-1] == b"EOF",
    )


def _variable(data: bytes, name: bytes) -> str:
    pattern = re.escape(name) + rb"\s*\r?\n\s*\d+\s*\r?\n([^\r\n]*)"
    match = re.search(pattern, data[:100_000])
    return match.group(1).strip().decode("latin-1") if match else ""


def _layer_names(data: bytes, codec: str) -> Iterator[str]:
    """Give the names in the table of layers."""
    start = re.search(rb"\r?\n\s*2\s*\r?\nLAYER\s*\r?\n", data)
    if start is None:
        return
    end = data.find(b"ENDTAB", start.end())
    table = data[start.end() : end if end > 0 else None]
    for entry in re.split(rb"(?:^|\n)\s*0\s*\r?\nLAYER\s*\r?\n", table)[1:]:
        name = re.search(rb"(?:^|\n)\s*2\s*\r?\n([^\r\n]*)", entry)
        if name:
            yield unescaped(name.group(1).strip().decode(codec, errors="replace"))


def _with_gdal(
    source: Path,
    path: Path,
    layer: str | None,
    guess: Guess,
    progress: Progress,
    limit: int | None,
) -> RawLayer:
    where = "(PaperSpace IS NULL OR PaperSpace = 0)"
    if layer is not None:
        quoted = layer.replace("'", "''")
        where += f" AND (Layer = '{quoted}' OR Layer = '{escaped(quoted)}')"
    sql = f"SELECT *, OGR_STYLE FROM entities WHERE {where}"
    options = {"DXF_ENCODING": _gdal_name(guess), "OGR_ARC_MAX_GAP": _ARC_GAP}
    with ogr.configured(**options):
        asked = ogr.Asked(source, path, sql=sql, limit=limit)
        raw = ogr.read(asked, progress)
    if layer is not None and len(raw) == 0:
        names = [info.name for info in list_dxf(path, guess.encoding)]
        if layer not in names:
            raise ogr.no_such_layer(path, layer, names)
    return raw


def _gdal_name(guess: Guess) -> str:
    return {"gb18030": "GB18030", "cp950": "CP950", "latin-1": "ISO-8859-1", "utf-8": "UTF-8"}.get(
        guess.codec, guess.codec.upper()
    )


@contextmanager
def _mended(path: Path, error: CityError) -> Iterator[Path]:
    """Give a copy of a drawing that GDAL gives up on, mended by ezdxf."""
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        copy = Path(folder) / "mended.dxf"
        try:
            document, _ = ezdxf.recover.readfile(path)
            document.dxfversion = "R2010"
            document.saveas(copy)
        except (DXFError, OSError, ValueError, KeyError, AttributeError, TypeError):
            raise error from None  # beyond mending: what GDAL said is the better sentence
        yield copy


def _with_thickness(raw: RawLayer, path: Path) -> RawLayer:
    """Add how far entities are drawn upwards, which GDAL does not tell."""
    found = extrusions(path.read_bytes())
    table = raw.attributes
    if not found or "EntityHandle" not in table.column_names:
        return raw
    rows = [found.get(handle) for handle in table.column("EntityHandle").to_pylist()]
    for at, name in enumerate(("Thickness", "Elevation")):
        values = [None if row is None else row[at] for row in rows]
        table = table.append_column(name, pa.array(values, pa.float64()))
    return replace(raw, attributes=table)


def _finished(raw: RawLayer) -> tuple[RawLayer, list[Note]]:
    """Turn GDAL's drawing style into columns, and call entities by their handles."""
    table = raw.attributes
    styles = table.column("OGR_STYLE").to_pylist()
    looks = {style: _look(style) for style in set(styles)}
    colours, sizes, angles, visible = ([looks[style][at] for style in styles] for at in range(4))
    kept = [n for n in table.column_names if n not in ("OGR_STYLE", "PaperSpace")]
    table = table.select(kept) if kept else row_count_table(len(raw))
    for name, values, kind in (
        ("Colour", colours, pa.string()),
        ("TextHeight", sizes, pa.float64()),
        ("TextAngle", angles, pa.float64()),
        ("Visible", visible, pa.bool_()),
    ):
        table = table.append_column(name, pa.array(values, kind))
    hidden = visible.count(False)
    notes = [Note("hidden_entities", {"count": hidden})] if hidden else []
    if "EntityHandle" in table.column_names:
        handles = table.column("EntityHandle")
        unique = pc.count_distinct(handles).as_py() == len(raw) and handles.null_count == 0
        if unique and len(raw):
            raw = replace(raw, ids=as_objects(handles.to_pylist()))
    return replace(raw, attributes=table), notes


def _look(style: str | None) -> tuple[str | None, float | None, float | None, bool]:
    """Read colour, text height, text angle and visibility from GDAL's style string.

    >>> _look('LABEL(f:"Arial",t:"5",p:1,s:2g,a:90,c:#00ff00)')
    ('#00ff00', 2.0, 90.0, True)
    """
    if not style:
        return None, None, None, True
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', '""', style)
    colour, size, angle = _COLOUR.search(plain), _SIZE.search(plain), _ANGLE.search(plain)
    is_text = plain.startswith("LABEL")
    height = float(size.group(1)) if size and is_text else None
    turned = (float(angle.group(1)) if angle else 0.0) if is_text else None
    seen = not (colour and colour.group(2) == "00")
    return f"#{colour.group(1).lower()}" if colour else None, height, turned, seen

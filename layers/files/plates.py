"""Writers of drawings: SVG as it is, PDF and PNG through typst, DXF through ezdxf."""

from __future__ import annotations

import tempfile
from pathlib import Path as FilePath
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from layers.errors import CityError
from layers.files.sheets import appearing
from layers.pipes.plate import GREY, INK, PALE, Oval, Path, Plate, Stroke, Text

SUFFIXES = (".svg", ".pdf", ".png", ".dxf")
FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
         "Hiragino Sans GB", "WenQuanYi Micro Hei", "SimHei")  # fmt: skip
DOTS = 200.0  # of a picture per inch
CAD_FONT = "simhei.ttf"  # a font that CAD programs on Chinese Windows have
CAD_INKS = {INK: 7, GREY: 8, PALE: 8}  # of the colour index
PAPER = "#ffffff"
BASE = 0.36  # of the size: from the middle of letters down to their line


def write_plate(plate: Plate, path: FilePath, *, dots: float = DOTS) -> None:
    """Write a drawing; the ending of the name tells the format.

    Parameters
    ----------
    plate : Plate
        The drawing.
    path : pathlib.Path
        ``.svg``, ``.pdf``, ``.png`` or ``.dxf``.
    dots : float
        Pixels per inch of a PNG.

    Raises
    ------
    CityError
        ``plates.suffix``, ``tables.write``.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise CityError(
            "plates.suffix",
            f"A drawing cannot be written as '{suffix or path.name}'.",
            hint="use .svg, .pdf, .png or .dxf",
            where=path.name,
            suffix=suffix or path.name,
        )
    with appearing(path) as partial:
        if suffix == ".svg":
            partial.write_text(svg_of(plate), encoding="utf-8")
        elif suffix == ".dxf":
            _write_dxf(plate, partial)
        else:
            partial.write_bytes(typeset(plate, "png" if suffix == ".png" else "pdf", dots))


def svg_of(plate: Plate) -> str:
    """Give a drawing as SVG; one unit is a millimetre, objects carry ``data-link``."""
    w, h = plate.width, plate.height
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:g}mm" height="{h:g}mm" '
        f'viewBox="0 0 {w:g} {h:g}">',
        f"<title>{escape(plate.title)}</title>",
        f'<rect width="{w:g}" height="{h:g}" fill="#ffffff"/>',
    ]
    for shape in plate.shapes:
        link = f' data-link="{shape.link[0]}/{shape.link[1]}"' if shape.link else ""
        if isinstance(shape, Text):
            out.append(_svg_text(shape, h, link))
        elif isinstance(shape, Oval):
            out.append(
                f'<ellipse cx="{shape.x:.3f}" cy="{h - shape.y:.3f}" rx="{shape.rx:.3f}" '
                f'ry="{shape.ry:.3f}"{_paint(shape.stroke, shape.fill)}{link}/>'
            )
        else:
            places = " ".join(f"{x:.3f},{h - y:.3f}" for x, y in shape.points)
            tag = "polygon" if shape.closed else "polyline"
            out.append(f'<{tag} points="{places}"{_paint(shape.stroke, shape.fill)}{link}/>')
    return "\n".join([*out, "</svg>", ""])


def typeset(plate: Plate, form: Literal["pdf", "png"], dots: float = DOTS) -> bytes:
    """Give a drawing as PDF or PNG.

    Parameters
    ----------
    plate : Plate
        The drawing.
    form : str
        ``"pdf"`` or ``"png"``.
    dots : float
        Pixels per inch of a PNG.
    """
    import typst

    with tempfile.TemporaryDirectory() as folder:
        page = FilePath(folder) / "plate.typ"
        (FilePath(folder) / "plate.svg").write_text(svg_of(plate), encoding="utf-8")
        title = plate.title.replace("\\", " ").replace('"', "'")
        page.write_text(
            f'#set document(title: "{title}")\n'
            f"#set page(width: {plate.width:g}mm, height: {plate.height:g}mm, margin: 0mm)\n"
            '#image("plate.svg", width: 100%)\n',
            encoding="utf-8",
        )
        return typst.compile(str(page), format=form, ppi=dots)


def _paint(stroke: Stroke | None, fill: str) -> str:
    out = f' fill="{fill or "none"}"'
    if stroke is None:
        return out
    out += f' stroke="{stroke.colour}" stroke-width="{stroke.width:g}" stroke-linejoin="round"'
    if stroke.dash:
        out += f' stroke-dasharray="{" ".join(f"{part:g}" for part in stroke.dash)}"'
    return out


def _svg_text(text: Text, high: float, link: str) -> str:
    names = ", ".join(f"'{name}'" for name in FONTS)
    weight = ' font-weight="bold"' if text.bold else ""
    turn = f" rotate({-text.turn:g})" if text.turn else ""
    return (
        f'<text transform="translate({text.x:.3f} {high - text.y:.3f}){turn}" '
        f'y="{BASE * text.size:.3f}" font-size="{text.size:g}" fill="{text.colour}" '
        f"text-anchor={quoteattr(text.anchor)} font-family={quoteattr(names + ', sans-serif')}"
        f"{weight}{link}>{escape(text.words)}</text>"
    )


# --- DXF --------------------------------------------------------------------------------------


def _write_dxf(plate: Plate, path: FilePath) -> None:
    """Write one unit a millimetre of paper, on layers by what things are."""
    from ezdxf import units
    from ezdxf.filemanagement import new

    drawing = new("R2010", setup=True)
    drawing.units = units.MM
    drawing.styles.add("PLATE", font=CAD_FONT)
    drawing.header["$LTSCALE"] = 1.0
    for name, dash in _dashes(plate).items():
        pattern = [sum(dash), *(part if k % 2 == 0 else -part for k, part in enumerate(dash))]
        drawing.linetypes.add(name, pattern, description=name)
    space = drawing.modelspace()
    for name in dict.fromkeys(shape.layer for shape in plate.shapes):
        drawing.layers.add(_layer(name))
    for shape in plate.shapes:
        if isinstance(shape, Text):
            _dxf_text(space, shape)
        else:
            _dxf_outline(space, shape)
    drawing.saveas(path)


def _layer(name: str) -> str:
    return name.upper().replace("-", "_") or "0"


def _dashes(plate: Plate) -> dict[str, tuple[float, ...]]:
    found: dict[str, tuple[float, ...]] = {}
    for shape in plate.shapes:
        if not isinstance(shape, Text) and shape.stroke is not None and shape.stroke.dash:
            found[_linetype(shape.stroke)] = shape.stroke.dash
    return found


def _linetype(stroke: Stroke) -> str:
    return "DASH_" + "_".join(f"{part:g}".replace(".", "P") for part in stroke.dash)


def _attributes(shape: Path | Oval) -> dict[str, Any]:
    out: dict[str, Any] = {"layer": _layer(shape.layer)}
    if shape.stroke is not None:
        out |= _ink(shape.stroke.colour)
        out["lineweight"] = _weight(shape.stroke.width)
        if shape.stroke.dash:
            out["linetype"] = _linetype(shape.stroke)
    return out


def _ink(colour: str) -> dict[str, int]:
    """Give a colour of CAD: black and grey are those that turn with a dark background."""
    from ezdxf.colors import rgb2int

    if colour in CAD_INKS:
        return {"color": CAD_INKS[colour]}
    return {"true_color": rgb2int(_rgb(colour))}


def _weight(width: float) -> int:
    known = (5, 9, 13, 15, 18, 20, 25, 30, 35, 40, 50, 53, 60, 70, 80, 90, 100)
    return min(known, key=lambda value: abs(value - round(width * 100)))


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue


def _dxf_outline(space: Any, shape: Path | Oval) -> None:
    from ezdxf.colors import rgb2int

    own = _attributes(shape)
    if shape.fill and not (shape.fill == PAPER and shape.link is None):  # paper shows through
        hatch = space.add_hatch(dxfattribs={"layer": own["layer"]})
        hatch.dxf.true_color = rgb2int(_rgb(shape.fill))
        if isinstance(shape, Oval):
            major, ratio, start = _axes(shape)
            edges = hatch.paths.add_edge_path()
            edges.add_ellipse((shape.x, shape.y), major, ratio, start, start + 360.0)
        else:
            hatch.paths.add_polyline_path([tuple(p) for p in shape.points], is_closed=True)
    if shape.stroke is None:
        return
    if isinstance(shape, Oval):
        major, ratio, _ = _axes(shape)
        space.add_ellipse((shape.x, shape.y), (*major, 0.0), ratio, dxfattribs=own)
    else:
        space.add_lwpolyline(
            [tuple(p) for p in np.asarray(shape.points)], close=shape.closed, dxfattribs=own
        )


def _axes(shape: Oval) -> tuple[tuple[float, float], float, float]:
    """Give the long axis, the ratio of the short one, and where a turn begins, degrees."""
    if shape.rx >= shape.ry:
        return (shape.rx, 0.0), max(shape.ry / shape.rx, 1e-6), 0.0
    return (0.0, shape.ry), max(shape.rx / shape.ry, 1e-6), 0.0


def _dxf_text(space: Any, text: Text) -> None:
    from ezdxf.enums import TextEntityAlignment

    align = {
        "start": TextEntityAlignment.MIDDLE_LEFT, "middle": TextEntityAlignment.MIDDLE_CENTER,
        "end": TextEntityAlignment.MIDDLE_RIGHT,
    }[text.anchor]  # fmt: skip
    made = space.add_text(
        text.words, height=0.8 * text.size, rotation=text.turn,
        dxfattribs={"layer": _layer(text.layer), "style": "PLATE", **_ink(text.colour)},
    )  # fmt: skip
    made.set_placement((text.x, text.y), align=align)

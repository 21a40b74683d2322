"""Reads symbols of users: drawings (SVG) and models (GLB, glTF, OBJ and others)."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
from PIL import Image, ImageDraw

from layers.drills.user_symbols import Bytes, UserSymbol
from layers.errors import CityError
from layers.files.model_choices import ModelChoices
from layers.files.model_files import MODEL_ENDINGS
from layers.files.model_import import shape_model
from layers.files.model_read import read_model
from layers.files.raw import Note
from layers.kinds.model_library import Model
from layers.shapes import Floats

SIDE = 256  # pixels of the picture that is kept
MOST_SVG = 2_000_000  # bytes
MOST_TRIANGLES = 100_000
MOST_DRAWN = 40_000  # triangles in the picture of a model, the largest ones
LIGHT = np.array([-0.35, -0.55, 0.75])
SVG = "{http://www.w3.org/2000/svg}"
_RUNNING = {"script", "foreignObject", "iframe", "audio", "video"}


def read_symbol(path: Path, name: str = "") -> tuple[UserSymbol, list[Note]]:
    """Read a symbol from an SVG file or a model; it has no code yet.

    Parameters
    ----------
    path : pathlib.Path
        ``*.svg``, or one of the endings of models.
    name : str
        What people call it; "" takes the name of the file.

    Raises
    ------
    CityError
        ``symbol.missing``, ``.format``, ``.too_large``, ``.not_svg``, ``.not_drawn``, ``.empty``;
        for models those of `layers.files.model_read.read_model`.
    """
    ending = path.suffix.lower()
    if ending != ".svg" and ending not in MODEL_ENDINGS:
        raise CityError(
            "symbol.format",
            f"'{path.name}' is neither a drawing nor a model.",
            hint="choose an .svg, .glb or .gltf file",
            where=path.name,
            name=path.name,
        )
    if not path.is_file():
        raise CityError(
            "symbol.missing", f"There is no file '{path.name}'.",
            hint="check the path", where=str(path), name=path.name,
        )  # fmt: skip
    called = name.strip() or path.stem
    if ending == ".svg":
        text, notes = _clean(path)
        picture = _rastered(text, path)
        return UserSymbol("", called, picture, path.name, text), notes
    model, notes = _model(path)
    return UserSymbol("", called, model_picture(model), path.name, "", model), notes


# Drawings ------------------------------------------------------------------------------------


def _clean(path: Path) -> tuple[str, list[Note]]:
    """Read an SVG without scripts and without what lies in other files."""
    size = path.stat().st_size
    if size > MOST_SVG:
        raise CityError(
            "symbol.too_large",
            f"The drawing has {size / 1e6:.1f} MB; {MOST_SVG / 1e6:.0f} MB are read at most.",
            hint="simplify it, or take pictures out of it",
            where=path.name,
            size=round(size / 1e6, 1),
            most=round(MOST_SVG / 1e6),
        )
    raw = path.read_bytes()
    if b"<!ENTITY" in raw:
        raise _not_svg(path, "it declares entities")
    try:
        root = Xml.fromstring(raw)
    except Xml.ParseError as error:
        raise _not_svg(path, str(error)) from error
    if root.tag not in (f"{SVG}svg", "svg"):
        raise _not_svg(path, f"it begins with <{root.tag.rpartition('}')[2]}>")
    gone = 0
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.rpartition("}")[2] in _RUNNING:
                parent.remove(child)
                gone += 1
        for key, value in list(parent.attrib.items()):
            short = key.rpartition("}")[2]
            outside = short == "href" and not value.strip().startswith(("#", "data:image/"))
            called = re.search(r"url\(\s*['\"]?(?!#|data:)", value) is not None
            if short.startswith("on") or outside or called:
                del parent.attrib[key]
                gone += 1
    Xml.register_namespace("", SVG[1:-1])
    notes = [Note("symbol_parts_removed", {"count": gone})] if gone else []
    return Xml.tostring(root, encoding="unicode"), notes


def _not_svg(path: Path, why: str) -> CityError:
    return CityError(
        "symbol.not_svg",
        f"'{path.name}' is no sound SVG drawing: {why}.",
        hint="write it anew from the drawing program, as plain SVG",
        where=path.name,
        name=path.name,
        reason=why,
    )


def _rastered(text: str, path: Path) -> Bytes:
    """Draw an SVG into a square with transparency, PNG."""
    import typst

    page = (
        "#set page(width: 96pt, height: 96pt, margin: 0pt, fill: none)\n"
        '#align(center + horizon, image("symbol.svg", width: 96pt, height: 96pt, fit: "contain"))'
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "symbol.svg").write_text(text, encoding="utf-8")
        Path(folder, "page.typ").write_text(page, encoding="utf-8")
        try:
            made: Any = typst.compile(
                str(Path(folder, "page.typ")), root=folder, format="png", ppi=SIDE / 96 * 72
            )
        except typst.TypstError as error:
            told = " ".join(str(error).split())[:200]
            raise CityError(
                "symbol.not_drawn",
                f"'{path.name}' cannot be drawn: {told}.",
                hint="give it a size and a viewBox, and turn what is unusual into paths",
                where=path.name,
                name=path.name,
                reason=told,
            ) from error
    pages = made if isinstance(made, list) else [made]
    image = Image.open(io.BytesIO(pages[0])).convert("RGBA")
    if int(np.asarray(image)[..., 3].max()) < 8:
        raise _empty(path)
    return _png(image)


def _empty(path: Path) -> CityError:
    return CityError(
        "symbol.empty",
        f"Nothing of '{path.name}' is to be seen.",
        hint="check that the drawing lies inside its viewBox and has a fill or a stroke",
        where=path.name,
        name=path.name,
    )


def _png(image: Image.Image) -> Bytes:
    out = io.BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(out, "PNG")
    return np.frombuffer(out.getvalue(), dtype=np.uint8).copy()


# Models --------------------------------------------------------------------------------------


def _model(path: Path) -> tuple[Model, list[Note]]:
    shaped = shape_model(read_model(path), ModelChoices(anchor="base"))
    count = len(shaped.model.triangles)
    if count > MOST_TRIANGLES:
        raise CityError(
            "symbol.too_fine",
            f"The model has {count} triangles; a symbol has {MOST_TRIANGLES} at most.",
            hint="simplify it, or import it as a model of a layer",
            where=path.name,
            count=count,
            most=MOST_TRIANGLES,
        )
    return shaped.model, list(shaped.notes)


def model_picture(model: Model) -> Bytes:
    """Draw a model from the south-west and above, PNG with transparency."""
    xyz = model.local()
    side, up, ahead = _axes()
    flat = np.column_stack([xyz @ side, xyz @ up])
    deep = xyz @ ahead
    low, high = flat.min(axis=0), flat.max(axis=0)
    large = 2 * SIDE
    scale = 0.92 * large / max(float((high - low).max()), 1e-9)
    place = (flat - (low + high) / 2.0) * (scale, -scale) + large / 2.0
    corners = xyz[model.triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.linalg.norm(normal, axis=1)
    shade = 0.62 + 0.38 * np.abs(normal @ LIGHT) / np.maximum(length, 1e-12)
    inks = np.clip(_inks(model)[:, :3] * shade[:, None] * 255.0, 0, 255).astype(int)
    kept = np.argsort(length)[-MOST_DRAWN:]
    order = kept[np.argsort(-deep[model.triangles[kept]].mean(axis=1))]
    image = Image.new("RGBA", (large, large), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    for row in order.tolist():
        red, green, blue = inks[row].tolist()
        points = [(float(x), float(y)) for x, y in place[model.triangles[row]]]
        draw.polygon(points, fill=(red, green, blue, 255), outline=(red, green, blue, 255))
    return _png(image)


def _axes() -> tuple[Floats, Floats, Floats]:
    """Give right, up and ahead of the eye that looks from the south-west, 30 degrees down."""
    ahead = np.array([0.61, 0.61, -0.5])
    ahead /= np.linalg.norm(ahead)
    side = np.array([0.7071, -0.7071, 0.0])
    return side, np.cross(side, ahead), ahead


def _inks(model: Model) -> Floats:
    """Give the colour of each triangle, (t, 4): that of points, textures on the whole, material."""
    out = np.ones((len(model.triangles), 4))
    for part in model.parts:
        material = model.materials[part.material]
        ink = np.array(material.colour)
        if material.texture >= 0:
            data = model.textures[material.texture].data.tobytes()
            mean = Image.open(io.BytesIO(data)).convert("RGB").resize((1, 1)).getpixel((0, 0))
            assert isinstance(mean, tuple)
            ink[:3] *= np.array(mean) / 255.0
        out[part.first : part.last] = ink
    if model.colours is not None:
        out[:, :3] *= model.colours[model.triangles].mean(axis=1)[:, :3] / 255.0
    return out

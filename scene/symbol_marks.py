"""Emergency symbols in the scene: pictures that face the eye, of a size in pixels within bounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkActor, vtkTexture

from layers.drills.symbols import (
    BAND,
    COLOURS,
    INK,
    LINE,
    RADIUS,
    SIZE,
    Symbol,
    corners,
    grid_of,
)
from layers.shapes import Floats
from scene import fonts
from scene.actors import add_attribute, mapper_of, polydata, set_points
from scene.shading import set_uniform, shader_property

if TYPE_CHECKING:
    from scene.views.base import FrameState

CELL = 128  # pixels of one picture in the atlas
HALO = 5  # pixels of white around it
FINE = 2  # drawn so many times larger
Drawn = tuple[Symbol, str]


def picture(symbol: Symbol, label: str = "", cell: int = CELL) -> Image.Image:
    """Draw a symbol with its label and a halo, RGBA.

    Parameters
    ----------
    symbol : Symbol
        Which.
    label : str
        At most four signs; "" leaves the band away.
    cell : int
        Pixels.
    """
    large = cell * FINE
    image = Image.new("RGBA", (large, large), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    edge = HALO * FINE * cell / CELL
    scale = (large - 2.0 * edge) / SIZE

    def at(value: float) -> float:
        return edge + value * scale

    radius = RADIUS * scale if symbol.letter == "A" else 0.0
    draw.rounded_rectangle((0, 0, large - 1, large - 1), radius + edge, fill=(255, 255, 255, 220))
    draw.rounded_rectangle(
        (at(0), at(0), at(SIZE), at(SIZE)), radius, fill=COLOURS[symbol.letter],
        outline="#000000", width=round(scale),
    )  # fmt: skip
    ink, width = INK[symbol.letter], round(LINE * scale)
    lift = 0.0 if label else 3.5  # without a label the figure stands in the middle
    for what, numbers in symbol.strokes:
        if what in "CD":
            x, y, r = numbers
            box = (at(x - r), at(y + lift - r), at(x + r), at(y + lift + r))
            if what == "D":
                draw.ellipse(box, fill=ink)
            else:
                draw.ellipse(box, outline=ink, width=width)
            continue
        points = [(at(x), at(y + lift)) for x, y in corners(numbers)]
        if what == "P":
            draw.polygon(points, fill=ink)
        else:
            draw.line(points, fill=ink, width=width, joint="curve")
            for x, y in (points[0], points[-1]):
                draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)
    if label:
        draw.rectangle((at(1), at(BAND), at(SIZE - 1), at(SIZE - 1)), fill="#ffffff")
        text = label[:4]
        fonts.check(text)
        font = fonts.font(round(7.0 * scale), bold=True)
        draw.text((at(16), at(BAND + 3.6)), text, fill="#000000", font=font, anchor="mm")
    return image.resize((cell, cell), Image.Resampling.LANCZOS)


def atlas(drawn: Sequence[Drawn], cell: int = CELL) -> NDArray[np.uint8]:
    """Draw symbols side by side, (rows * cell, columns * cell, 4)."""
    columns, rows = grid_of(len(drawn))
    sheet = Image.new("RGBA", (columns * cell, rows * cell), (255, 255, 255, 0))
    for number, (symbol, label) in enumerate(drawn):
        spot = (number % columns * cell, number // columns * cell)
        sheet.paste(picture(symbol, label, cell), spot)
    return np.asarray(sheet)


def greyed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take the colours away and half of the contrast, (rows, columns, 4)."""
    light = pixels[..., :3] @ np.array([0.3, 0.59, 0.11])
    out = pixels.copy()
    out[..., :3] = (0.5 * light + 90.0).astype(np.uint8)[..., None]
    return out


class SymbolMarks:
    """Many symbols, one actor; each stands with its lower edge on its place.

    Parameters
    ----------
    points : (m, 3) float64
        Scene coordinates.
    drawn : sequence of (Symbol, str)
        The symbol and label of each.
    size : float
        Pixels when near.
    least : float
        Pixels when far.
    full : float
        Metres from the eye up to which they have their full size.
    order : float
        0 and more: over everything, the more the higher; below 0: among the rest.
    grey : bool
        Without colours, for what is not to be relied on.
    """

    def __init__(
        self, points: Floats, drawn: Sequence[Drawn], *, size: float = 34.0, least: float = 18.0,
        full: float = 1200.0, order: float = -1.0, grey: bool = False,
    ) -> None:  # fmt: skip
        self._size, self._least, self._full = size, least, full
        different = list(dict.fromkeys(drawn))
        which = np.array([different.index(one) for one in drawn], dtype=np.int64)
        columns, rows = grid_of(len(different))
        self.actor = vtkActor()
        self._shader = shader_property(
            "symbol",
            uniforms={
                "symbolFrame": ("vertex", (100.0, 100.0, size)),
                "symbolFar": ("vertex", (least, full, order)),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        at = 4 * np.arange(len(points))
        triangles = np.concatenate(
            [np.column_stack([at, at + 1, at + 2]), np.column_stack([at, at + 2, at + 3])]
        ).astype(np.int32)
        data = polydata(np.repeat(points, 4, axis=0), triangles)
        square = np.array([[-1, 0], [1, 0], [1, 2], [-1, 2]], dtype=np.float32)
        add_attribute(data, "corner", np.tile(square, (len(points), 1)))
        cell = np.column_stack([which % columns, rows - 1 - which // columns])
        inner = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64)
        place = (np.repeat(cell, 4, axis=0) + np.tile(inner, (len(points), 1))) / (columns, rows)
        coords = numpy_to_vtk(np.ascontiguousarray(place, dtype=np.float32), deep=True)
        coords.SetName("place")
        data.GetPointData().SetTCoords(coords)
        self.actor.SetMapper(mapper_of(data, symbolCorner="corner"))
        sheet = atlas(different)
        self.actor.SetTexture(_texture(greyed(sheet) if grey else sheet))
        look = self.actor.GetProperty()
        look.SetLighting(False)
        look.SetAmbient(1.0)
        look.SetDiffuse(0.0)
        look.SetColor(1.0, 1.0, 1.0)
        self.actor.SetPickable(False)
        self.actor.ForceTranslucentOn()

    def prepare(self, frame: FrameState, pixel_scale: float) -> None:
        """Take the size of the picture that is about to be drawn."""
        width, height = frame.size
        value = (float(width), float(height), self._size * pixel_scale)
        set_uniform(self._shader, "vertex", "symbolFrame", value)

    def move(self, points: Floats) -> None:
        """Put the symbols at other points, as many as before, scene coordinates."""
        set_points(self.actor.GetMapper().GetInput(), np.repeat(points, 4, axis=0))


def _texture(pixels: NDArray[np.uint8]) -> Any:
    """Make a texture of a picture, the first row uppermost."""
    rows, columns = pixels.shape[:2]
    image = vtkImageData()
    image.SetDimensions(columns, rows, 1)
    flat = np.ascontiguousarray(pixels[::-1].reshape(-1, 4))
    image.GetPointData().SetScalars(numpy_to_vtk(flat, deep=True))
    texture = vtkTexture()
    texture.SetInputData(image)
    texture.InterpolateOn()
    texture.MipmapOn()
    texture.SetMaximumAnisotropicFiltering(1.0)
    texture.RepeatOff()
    texture.SetColorModeToDirectScalars()
    return texture

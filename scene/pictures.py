"""A finished picture: pixels, what they show, and the PNG file with both."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, PngImagePlugin

from layers.errors import CityError
from scene.texts import Bytes

LARGEST = 16_384  # pixels along a side
SMALLEST = 16
MOST_PIXELS = LARGEST * LARGEST * 3 // 4  # 4:3 at full width, 768 MiB of colours

Image.MAX_IMAGE_PIXELS = None  # our own pictures are larger than Pillow thinks wise


def check_size(width: int, height: int) -> None:
    """Say so where a picture has no size that can be drawn.

    Raises
    ------
    CityError
        ``picture.size``.
    """
    good = all(SMALLEST <= side <= LARGEST for side in (width, height))
    if not good or width * height > MOST_PIXELS:
        raise CityError(
            "picture.size",
            f"A picture of {width} x {height} pixels cannot be drawn.",
            hint=f"choose {SMALLEST} to {LARGEST} pixels for each side, and no more than "
            f"{MOST_PIXELS // 1_000_000} million together",
            width=width,
            height=height,
            smallest=SMALLEST,
            largest=LARGEST,
            millions=MOST_PIXELS // 1_000_000,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture and what is told of it.

    Attributes
    ----------
    pixels : (height, width, 4) ndarray of uint8
        Red, green, blue, alpha (not multiplied in); row 0 is the top.
    facts : dict of str to str
        View, project, camera (JSON), coordinate system, moment, size.
    """

    pixels: Bytes
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def save(self, path: Path | str, metadata: Mapping[str, str] | None = None) -> Path:
        """Write a PNG; a file that is there is replaced whole or not at all.

        Parameters
        ----------
        path : path-like
            Where; folders that are missing are made.
        metadata : mapping of str to str or None
            Written into the file beside `facts`, each as a text block (iTXt) of that name, such as
            ``Software``.

        Raises
        ------
        CityError
            ``picture.write`` if the file cannot be written.
        """
        target = Path(path)
        notes = PngImagePlugin.PngInfo()
        for key, value in {**self.facts, **(metadata or {})}.items():
            notes.add_itxt(key, value)
        solid = bool((self.pixels[..., 3] == 255).all())
        image = Image.fromarray(self.pixels[..., :3] if solid else self.pixels)
        made: str | None = None
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, made = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".png.part")
            with os.fdopen(handle, "wb") as file:
                image.save(file, format="PNG", pnginfo=notes)
            Path(made).chmod(0o644)
            Path(made).replace(target)
        except OSError as error:
            if made is not None:
                Path(made).unlink(missing_ok=True)
            raise CityError(
                "picture.write",
                f"The picture cannot be written: {error.strerror or error}.",
                hint="choose another folder, or free some space",
                where=str(target),
                reason=str(error.strerror or error),
            ) from error
        return target


def read_facts(path: Path | str) -> dict[str, str]:
    """Give the text blocks of a PNG.

    Raises
    ------
    CityError
        ``picture.read`` if it is not a PNG.
    """
    try:
        with Image.open(path, formats=["PNG"]) as image:
            image.load()
            texts = getattr(image, "text", {})
            return {str(key): str(value) for key, value in texts.items()}
    except OSError as error:
        raise CityError(
            "picture.read",
            "This is not a PNG picture.",
            hint="choose a file that Citystage exported",
            where=str(path),
        ) from error


def as_json(value: object) -> str:
    """Give plain values as one line of JSON, in their own letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

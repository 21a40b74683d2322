"""Finding a font that writes Chinese, on any system, and saying plainly where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from layers.errors import CityError

Font = ImageFont.FreeTypeFont
PROBE = "规划市区"
#: File names without ending, best first; a plain face and its bold brother.
FAMILIES: tuple[tuple[str, str], ...] = (
    ("NotoSansCJK-Regular", "NotoSansCJK-Bold"),
    ("NotoSansCJKsc-Regular", "NotoSansCJKsc-Bold"),
    ("NotoSansSC-Regular", "NotoSansSC-Bold"),
    ("SourceHanSansSC-Regular", "SourceHanSansSC-Bold"),
    ("SourceHanSansCN-Regular", "SourceHanSansCN-Bold"),
    ("msyh", "msyhbd"),
    ("PingFang", "PingFang"),
    ("Hiragino Sans GB", "Hiragino Sans GB"),
    ("STHeiti Light", "STHeiti Medium"),
    ("wqy-microhei", "wqy-microhei"),
    ("wqy-zenhei", "wqy-zenhei"),
    ("simhei", "simhei"),
    ("DroidSansFallbackFull", "DroidSansFallbackFull"),
    ("Arial Unicode", "Arial Unicode"),
)
ENDINGS = (".ttc", ".otf", ".ttf", ".TTF", ".TTC")


@dataclass(frozen=True, slots=True)
class Face:
    """A font file and which of its faces.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    index : int
        Number of the face in a collection.
    """

    path: Path
    index: int = 0


def folders() -> Iterator[Path]:
    """Give the folders where this system keeps fonts."""
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
        if local := os.environ.get("LOCALAPPDATA"):
            yield Path(local) / "Microsoft" / "Windows" / "Fonts"
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        yield from (home / ".fonts", home / ".local/share/fonts")


@lru_cache(maxsize=1)
def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in folders():
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                if path.suffix in ENDINGS:
                    found.setdefault(path.stem.lower(), path)
    return found


def _asked_fontconfig() -> Path | None:
    """Ask fontconfig, where it is installed, for a font with Simplified Chinese."""
    program = shutil.which("fc-match")
    if program is None:
        return None
    done = subprocess.run(
        [program, "-f", "%{file}", "sans-serif:lang=zh-cn"],
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    path = Path(done.stdout.strip())
    return path if done.returncode == 0 and path.is_file() else None


@lru_cache(maxsize=2)
def chinese_face(*, bold: bool = False) -> Face | None:
    """Give a font with Chinese signs, None where the system has none.

    ``CITYSTAGE_FONT`` may name a font file that counts before all others.
    """
    named = os.environ.get("CITYSTAGE_FONT", "")
    if named and (face := _writes_chinese(Path(named))) is not None:
        return face
    files = _files()
    for plain, heavy in FAMILIES:
        for name in (heavy, plain) if bold else (plain,):
            path = files.get(name.lower())
            if path is not None and (face := _writes_chinese(path)) is not None:
                return face
    other = _asked_fontconfig()
    return None if other is None else _writes_chinese(other)


def _writes_chinese(path: Path) -> Face | None:
    """Give the best face of a file for Simplified Chinese, None where it has no Chinese."""
    best: tuple[int, int] | None = None
    for index in range(16):
        try:
            font = ImageFont.truetype(path, 24, index=index)
        except OSError:
            break
        if not _has_signs(font, PROBE):
            continue
        name = " ".join(part or "" for part in font.getname())
        words = set(name.replace("-", " ").split())
        rank = 2 * bool(words & {"SC", "CN", "GB"}) + ("Mono" not in name)
        if best is None or rank > best[0]:
            best = (rank, index)
    return None if best is None else Face(path, best[1])


def _has_signs(font: Font, text: str) -> bool:
    """Say whether a font draws signs rather than the box of a sign that it has not."""
    box = _drawn(font, "\uffff")
    return all(_drawn(font, sign) not in (box, b"") for sign in text)


def _drawn(font: Font, sign: str) -> bytes:
    image = Image.new("L", (36, 36))
    ImageDraw.Draw(image).text((2, 2), sign, fill=255, font=font)
    return image.tobytes() if image.getbbox() else b""


def needs_chinese(text: str) -> bool:
    """Say whether a text holds signs that a Latin font does not have.

    >>> needs_chinese("Riverside"), needs_chinese("滨江")
    (False, True)
    """
    return any(ord(sign) >= 0x2E80 for sign in text)


@lru_cache(maxsize=64)
def font(pixels: int, *, bold: bool = False) -> Font:
    """Give the font for all texts, by the height of its line in pixels.

    Where the system has no Chinese font it is Pillow's own, for Latin texts alone.
    """
    face = chinese_face(bold=bold)
    if face is not None:
        return ImageFont.truetype(face.path, pixels, index=face.index)
    plain = ImageFont.load_default(pixels)
    assert isinstance(plain, ImageFont.FreeTypeFont)
    return plain


def check(*texts: str) -> None:
    """Say so where a text cannot be written.

    Raises
    ------
    CityError
        ``font.no_chinese`` if a text holds Chinese signs and the system has no font for them.
    """
    bad = [text for text in texts if needs_chinese(text)]
    if bad and chinese_face() is None:
        raise CityError(
            "font.no_chinese",
            f"There is no font for Chinese on this computer; first text: '{bad[0][:40]}'.",
            hint="install Noto Sans CJK (Debian: apt-get install fonts-noto-cjk), "
            "or name a font file in CITYSTAGE_FONT",
            count=len(bad),
            first=bad[0][:40],
        )

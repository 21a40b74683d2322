"""Where the frames of a film go: an MP4 file or a folder of PNG files, whole or not at all.

The encoder is the program ``ffmpeg`` that comes with imageio-ffmpeg; it runs on its own and is
fed through a pipe. Another one can be named by the environment variable ``IMAGEIO_FFMPEG_EXE``.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

import numpy as np
from PIL import Image

from layers.errors import CityError
from scene.texts import Bytes

THREADS = 4  # always as many, so that each computer makes the same file
QUALITY = 18  # of x264: 0 loses nothing, 51 is worst
FILM_SUFFIXES = (".mp4",)


class FrameSink(Protocol):
    """Takes frames one by one; used in a ``with`` statement."""

    def __enter__(self) -> FrameSink:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the whole in place, or take away what there is where something failed."""

    def add(self, pixels: Bytes) -> None:
        """Take the next frame, (h, w, 3 or 4)."""


def sink_for(path: Path, size: tuple[int, int], fps: float) -> FrameSink:
    """Make what frames are written to: ``.mp4`` a film, a name without suffix a folder of PNG.

    Raises
    ------
    CityError
        ``film.suffix``, ``film.exists``, ``film.write``.
    """
    suffix = path.suffix.lower()
    if suffix in FILM_SUFFIXES:
        return Mp4(path, size, fps)
    if suffix:
        raise CityError(
            "film.suffix",
            f"A film cannot be written as '{suffix}'.",
            hint="end the name with .mp4, or leave the ending out for a folder of PNG pictures",
            suffix=suffix,
            where=str(path),
        )
    if path.is_file() or (path.is_dir() and any(path.iterdir())):
        raise CityError(
            "film.exists",
            "The folder for the frames is there already and not empty.",
            hint="choose another folder, or empty this one",
            where=str(path),
        )
    return PngFolder(path)


class Mp4:
    """A film in H.264, readable everywhere; an odd width or height gets one more line.

    Parameters
    ----------
    path : pathlib.Path
        The file; one that is there is replaced when the new one is whole.
    size : (int, int)
        Width and height, pixels.
    fps : float
        Frames per second.
    """

    def __init__(self, path: Path, size: tuple[int, int], fps: float) -> None:
        self._path, self._size, self._fps = path, size, fps
        self._beside = path.with_name(f".{path.stem}-{uuid.uuid4().hex[:8]}.part.mp4")
        self._process: subprocess.Popen[bytes] | None = None
        self._told: IO[bytes] | None = None

    def __enter__(self) -> Mp4:
        command = [
            _encoder(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb24",
            "-s", f"{self._size[0]}x{self._size[1]}", "-r", f"{self._fps:g}", "-i", "pipe:0",
            "-an", "-map_metadata", "-1",
            "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv",
            "-c:v", "libx264", "-preset", "medium", "-crf", str(QUALITY), "-pix_fmt", "yuv420p",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
            "-threads", str(THREADS), "-fflags", "+bitexact", "-flags:v", "+bitexact",
            "-movflags", "+faststart", str(self._beside),
        ]  # fmt: skip
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._beside.touch()
            self._told = tempfile.TemporaryFile()
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._told
            )
        except OSError as error:
            self._beside.unlink(missing_ok=True)
            raise _unwritable(self._path, error) from error
        return self

    def add(self, pixels: Bytes) -> None:
        """Encode a frame."""
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(np.ascontiguousarray(pixels[..., :3]).tobytes())
        except OSError as error:
            raise self._failed() from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._told is not None
        try:
            if error is not None:
                self._process.kill()
                self._process.wait()
                with contextlib.suppress(OSError):  # what was not sent is not missed
                    self._process.stdin.close()
                return
            try:
                self._process.stdin.close()
            except OSError as broken:
                raise self._failed() from broken
            if self._process.wait() != 0:
                raise self._failed()
            try:
                self._beside.replace(self._path)
            except OSError as refused:
                raise _unwritable(self._path, refused) from refused
        finally:
            self._told.close()
            self._beside.unlink(missing_ok=True)

    def _failed(self) -> CityError:
        assert self._process is not None
        assert self._told is not None
        self._process.wait()
        self._told.seek(0)
        lines = self._told.read().decode("utf-8", "replace").strip().splitlines()
        reason = lines[-1] if lines else f"code {self._process.returncode}"
        return CityError(
            "film.encoder",
            f"The film could not be encoded: {reason}.",
            hint="check the space on the disk, or write a folder of PNG pictures instead",
            where=str(self._path),
            reason=reason,
        )


class PngFolder:
    """A folder of numbered pictures.

    Parameters
    ----------
    path : pathlib.Path
        The folder; missing or empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}.part")
        self._count = 0

    def __enter__(self) -> PngFolder:
        try:
            self._beside.mkdir(parents=True)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        return self

    def add(self, pixels: Bytes) -> None:
        """Write a frame."""
        self._count += 1
        image = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
        try:
            image.save(self._beside / f"frame-{self._count:06d}.png", compress_level=4)
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                if self._path.is_dir():
                    self._path.rmdir()  # empty, as was looked at
                self._beside.replace(self._path)
        except OSError as refused:
            raise _unwritable(self._path, refused) from refused
        finally:
            shutil.rmtree(self._beside, ignore_errors=True)


def _encoder() -> str:
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise CityError(
            "film.no_encoder",
            "There is no encoder for films on this computer.",
            hint="set IMAGEIO_FFMPEG_EXE to an ffmpeg, or write a folder of PNG pictures instead",
        ) from error


def _unwritable(path: Path, error: OSError) -> CityError:
    reason = error.strerror or str(error)
    return CityError(
        "film.write",
        f"The film cannot be written: {reason}.",
        hint="check the folder's rights and the space on the disk",
        where=str(path),
        reason=reason,
    )

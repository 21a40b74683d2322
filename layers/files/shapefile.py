"""Shapefiles: texts in any encoding, missing companions told or mended."""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from layers.errors import CityError
from layers.files import ogr
from layers.files.columns import redecode
from layers.files.encodings import Guess, detect, from_language_byte
from layers.files.raw import LayerInfo, Note, RawLayer
from layers.files.sniff import companions, shape_of
from layers.progress import Progress

#: The texts are opened one sign per byte and read anew here: GDAL gives up on
#: characters that a narrow field cut in half.
_BYTE_FOR_BYTE = "ISO-8859-1"
_SAMPLE_RECORDS = 2_000


@dataclass(frozen=True, slots=True)
class Companions:
    """The files of one shapefile; None for those that are not there or hold nothing usable."""

    shp: Path
    shx: Path | None
    dbf: Path | None
    prj: Path | None
    cpg: Path | None
    broken: tuple[str, ...] = ()

    @property
    def alike(self) -> bool:
        """Whether all are named alike to the letter, as GDAL wants them."""
        there = (self.shx, self.dbf, self.prj)
        return all(file is None or file.stem == self.shp.stem for file in there)

    @classmethod
    def beside(cls, path: Path) -> Companions:
        """Find the companions of a .shp, whatever the case of their names.

        Raises
        ------
        CityError
            ``file.no_shp`` if a companion is named and the .shp is not there.
        """
        shp = shape_of(path)
        if shp is None:
            raise CityError(
                "file.no_shp",
                "The .shp file with the geometry is missing.",
                hint="copy all files of the shapefile (.shp, .shx, .dbf, .prj) into one folder",
                where=str(path),
                name=path.name,
            )
        found = companions(shp)
        broken = []
        for suffix, usable in ((".shx", _is_index), (".dbf", _is_table)):
            if suffix in found and not usable(found[suffix]):
                broken.append(suffix[1:])
                del found[suffix]
        return cls(
            shp, found.get(".shx"), found.get(".dbf"), found.get(".prj"), found.get(".cpg"),
            tuple(broken),
        )  # fmt: skip


def _is_index(path: Path) -> bool:
    """Say whether an index is as long as its header says."""
    with path.open("rb") as file:
        head = file.read(28)
    words = struct.unpack(">I", head[24:28])[0] if len(head) == 28 else 0
    return path.stat().st_size >= max(100, words * 2)


def _is_table(path: Path) -> bool:
    """Say whether a table has a header; without one it holds nothing."""
    return path.stat().st_size >= 32


def list_shapefile(path: Path, encoding: str | None) -> list[LayerInfo]:
    """Tell of a shapefile without reading its features."""
    files = Companions.beside(path)
    guess = _encoding(files, encoding)
    with _readable(files) as shp:
        info = ogr.info(_asked(path, shp))
    fields = tuple(
        (name.encode("latin-1", errors="replace").decode(guess.codec, errors="ignore"), kind)
        for name, kind in info.fields
    )
    return [replace(info, name=files.shp.stem, fields=fields, encoding=guess.encoding)]


def read_shapefile(
    path: Path, layer: str | None, encoding: str | None, progress: Progress, limit: int | None
) -> RawLayer:
    """Read a shapefile.

    Parameters
    ----------
    path : pathlib.Path
        The .shp file or one of its companions.
    layer : str or None
        Not needed: there is only one.
    encoding : str or None
        Encoding of the texts as the user decided; None to find it.
    progress : Progress
        Told after each batch.
    limit : int or None
        Stop after so many features.

    Returns
    -------
    RawLayer
        With notes on what was missing, guessed and mended.

    Raises
    ------
    CityError
        ``file.no_shp``, ``file.shorter``, ``file.damaged``, ``file.encoding_unknown``.
    """
    del layer
    files = Companions.beside(path)
    _check_sizes(files)
    rows = _rows(files)
    guess = _encoding(files, encoding)
    with _readable(files) as shp:
        asked = replace(_asked(path, shp), limit=limit, absent=rows.deleted)
        raw = ogr.read(asked, progress)
    table, broken = redecode(raw.attributes, guess.codec)
    notes = [*guess.notes(), *rows.notes()]
    for present, suffix in ((files.shx, "shx"), (files.dbf, "dbf"), (files.prj, "prj")):
        if present is None:
            what = "broken" if suffix in files.broken else "missing"
            notes.append(Note(f"{suffix}_{what}", {"name": files.shp.stem}))
    if files.prj is not None and raw.crs is None:
        notes.append(Note("prj_unreadable", {"name": files.prj.name}))
    if broken:
        first, count = next(iter(broken.items()))
        facts = {"count": sum(broken.values()), "field": first, "in_field": count}
        notes.append(Note("texts_broken", {**facts, "encoding": guess.encoding}))
    kept = tuple(note for note in raw.notes if files.dbf is not None and files.shx is not None)
    return replace(
        raw,
        name=files.shp.stem,
        attributes=table,
        encoding=guess.encoding,
        notes=(*notes, *kept),
    )


def _asked(path: Path, shp: Path) -> ogr.Asked:
    return ogr.Asked(shp, path, encoding=_BYTE_FOR_BYTE, options={"AUTO_REPACK": "NO"})


@contextmanager
def _readable(files: Companions) -> Iterator[Path]:
    """Give a .shp that GDAL can open; without an index it is rebuilt beside a copy."""
    if files.shx is not None and files.alike:
        yield files.shp
        return
    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        copy = Path(folder) / "copy.shp"
        for file in (files.shp, files.shx, files.dbf, files.prj):
            if file is not None:
                shutil.copyfile(file, copy.with_suffix(file.suffix.lower()))
        if files.shx is None:
            with ogr.configured(SHAPE_RESTORE_SHX="YES"):
                ogr.info(_asked(files.shp, copy))
        yield copy


def _check_sizes(files: Companions) -> None:
    """Compare the sizes that the headers tell with those of the files.

    Raises
    ------
    CityError
        ``file.shorter`` if a file was cut off.
    """
    with files.shp.open("rb") as file:
        words = struct.unpack(">I", file.read(28)[24:28].rjust(4, b"\0"))[0]
    wanted = [(files.shp, words * 2)]
    if files.dbf is not None:
        with files.dbf.open("rb") as file:
            head = file.read(12)
        if len(head) == 12:
            records, header_size, record_size = struct.unpack_from("<IHH", head, 4)
            wanted.append((files.dbf, header_size + records * record_size))
    for path, size in wanted:
        there = path.stat().st_size
        if there < size:
            raise CityError(
                "file.shorter",
                f"The file was cut off: {there} of {size} bytes are there.",
                hint="copy or download it again",
                where=str(path),
                name=path.name,
                there=there,
                size=size,
            )


@dataclass(frozen=True, slots=True)
class _Rows:
    """How many rows the table has, how many of them are deleted, and how many shapes there are."""

    rows: int = 0
    deleted: int = 0
    shapes: int = 0

    def notes(self) -> list[Note]:
        notes = [Note("rows_deleted", {"count": self.deleted})] if self.deleted else []
        if self.rows > self.shapes:
            notes.append(Note("rows_without_shape", {"rows": self.rows, "shapes": self.shapes}))
        return notes


def _rows(files: Companions) -> _Rows:
    """Compare the table with the index of shapes.

    Raises
    ------
    CityError
        ``file.rows_differ`` if there are fewer rows than shapes: GDAL would leave the
        shapes at the end out, and nobody knows which row belongs to which shape.
    """
    if files.dbf is None or files.shx is None:
        return _Rows()
    with files.dbf.open("rb") as file:
        head = file.read(12)
        if len(head) < 12:
            return _Rows()
        rows, header_size, record_size = struct.unpack_from("<IHH", head, 4)
    shapes = max(files.shx.stat().st_size - 100, 0) // 8
    if rows < shapes:
        raise CityError(
            "file.rows_differ",
            f"The table has {rows} rows for {shapes} shapes; they do not belong together.",
            hint=f"get {files.dbf.name} again, or take it away to import the shapes alone",
            where=str(files.shp),
            name=files.dbf.name,
            rows=rows,
            shapes=shapes,
        )
    if rows * record_size == 0:
        return _Rows(rows, 0, shapes)
    size = (rows, record_size)
    table = np.memmap(files.dbf, dtype=np.uint8, mode="r", offset=header_size, shape=size)
    return _Rows(rows, int(np.count_nonzero(table[:, 0] == ord("*"))), shapes)


def _encoding(files: Companions, chosen: str | None) -> Guess:
    if files.dbf is None:
        return detect([], chosen=chosen)
    declared, samples = dbf_samples(files.dbf)
    if files.cpg is not None:
        declared = files.cpg.read_bytes()[:64].decode("latin-1") or declared
    return detect(samples, declared=declared, chosen=chosen)


def dbf_samples(path: Path) -> tuple[str, list[bytes]]:
    """Take texts out of a DBF table as they stand there.

    Parameters
    ----------
    path : pathlib.Path
        The table.

    Returns
    -------
    declared : str
        Encoding its language byte names, empty if none.
    samples : list of bytes
        Different values of its text fields from all over the table, and the
        names of the fields.
    """
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            return "", []
        records, header_size, record_size = struct.unpack_from("<IHH", head, 4)
        texts, names = _dbf_fields(file.read(max(header_size - 32, 0)))
        samples = dict.fromkeys(names)
        if not texts or record_size == 0 or records == 0:
            return from_language_byte(head[29]), list(samples)
        stride = max(records // _SAMPLE_RECORDS, 1)
        for number in range(0, records, stride):
            file.seek(header_size + number * record_size)
            record = file.read(record_size)
            for start, width in texts:
                value = record[start : start + width].strip(b" \0")
                if not value.isascii():
                    samples[value] = None
    return from_language_byte(head[29]), list(samples)


def _dbf_fields(header: bytes) -> tuple[list[tuple[int, int]], list[bytes]]:
    """Give start and width of the text fields within a record, and the names of all fields."""
    texts, names, start = [], [], 1
    for at in range(0, len(header) - 31, 32):
        if header[at] in (0x0D, 0):
            break
        width = header[at + 16]
        if header[at + 11 : at + 12] == b"C":
            width += header[at + 17] << 8  # long texts use the place of the decimals
            texts.append((start, width))
        names.append(header[at : at + 11].split(b"\0")[0])
        start += width
    return texts, names

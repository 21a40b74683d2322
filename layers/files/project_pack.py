"""A project with everything it refers to in one zip, and back."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from layers.errors import CityError
from layers.files.gpkg_columns import free_name
from layers.files.project_file import content_hashes
from layers.files.project_state import ProjectState, state_of
from layers.files.project_writer import write_state
from layers.files.safe_write import real_target, replacing
from layers.kinds.base import LayerData
from layers.kinds.imagery import Imagery
from layers.kinds.terrain import Terrain
from layers.progress import Part, Progress, Silent
from layers.project import Project

DATA = "data"  # folder of the referenced files in a pack
PIECE = 4 * 2**20
#: What may stand beside a raster and tells more of it.
BESIDE = (".aux.xml", ".ovr", ".msk", ".tfw", ".tifw", ".wld", ".jgw", ".pgw", ".prj", ".hdr")
PRESSED = {".tif", ".tiff", ".jpg", ".jpeg", ".png", ".zip", ".gz", ".jp2"}


def write_pack(
    project: Project,
    zip_path: Path,
    progress: Progress = Silent(),
    *,
    name: str = "",
    with_sources: bool = False,
) -> None:
    """Put a project and the files it refers to into one zip.

    Parameters
    ----------
    project : Project
        The project; it is packed as it is now, saved or not.
    zip_path : pathlib.Path
        Zip to write, old or new, never broken.
    progress : Progress
        Told of the work; may stop it.
    name : str
        Name of the project file in the zip; that of the zip where empty.
    with_sources : bool
        Take the files that vector layers were imported from along, too; the
        project does not need them.

    Raises
    ------
    CityError
        As `save_project`.
    Cancelled
        If the user stopped it; the old zip stays.
    """
    state = state_of(project)
    target = real_target(zip_path)
    project_name = f"{name or zip_path.stem}.gpkg"
    places = _places(state, with_sources=with_sources)

    def write_path(path: Path) -> dict[str, str]:
        place = places.get(path)
        return {"relative": place} if place else {"relative": path.name}

    with tempfile.TemporaryDirectory(prefix="citystage-") as folder:
        file = Path(folder) / "project.gpkg"
        write_state(
            state, content_hashes(state)[0], file, base=None, write_path=write_path,
            progress=Part(progress, 0.0, 0.5),
        )  # fmt: skip
        members = [(file, project_name), *_members(places)]
        with replacing(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            for number, (source, inside) in enumerate(members):
                start = 0.5 + 0.5 * number / len(members)
                part = Part(progress, start, start + 0.5 / len(members))
                _add(archive, source, inside, part)


def _places(state: ProjectState, *, with_sources: bool) -> dict[Path, str]:
    """Give each file that goes along its place in the zip."""
    used: set[str] = set()
    places: dict[Path, str] = {}
    for layer in state.layers:
        path = layer.source.path
        if path is None or path in places or not path.exists():
            continue
        if with_sources or _is_raster(layer.data):
            inside = free_name(path.name, used)
            used.add(inside.casefold())
            if inside != path.name:  # keep the ending, by which formats are known
                number = inside.removeprefix(path.name)
                inside = f"{path.stem}{number}{path.suffix}"
                used.add(inside.casefold())
            places[path] = f"{DATA}/{inside}"
    return places


def _is_raster(data: LayerData) -> bool:
    return isinstance(data, Terrain | Imagery)


def _members(places: dict[Path, str]) -> Iterator[tuple[Path, str]]:
    """Give all files to pack, with those that stand beside them."""
    for path, inside in places.items():
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file()):
                yield file, f"{inside}/{file.relative_to(path).as_posix()}"
            continue
        yield path, inside
        stem = inside.removesuffix(path.suffix)
        for other in sorted(path.parent.iterdir()):
            if other == path or not other.is_file():
                continue
            if other.name.startswith(f"{path.name}."):
                yield other, f"{inside}{other.name.removeprefix(path.name)}"
            elif other.stem == path.stem and (
                other.suffix.lower() in BESIDE or path.suffix.lower() == ".shp"
            ):
                yield other, f"{stem}{other.suffix}"


def _add(archive: zipfile.ZipFile, source: Path, inside: str, progress: Progress) -> None:
    pressed = source.suffix.lower() in PRESSED
    info = zipfile.ZipInfo.from_file(source, inside, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_STORED if pressed else zipfile.ZIP_DEFLATED
    size = source.stat().st_size
    done = 0
    with source.open("rb") as reader, archive.open(info, "w", force_zip64=True) as writer:
        while piece := reader.read(PIECE):
            progress.step(done, size, "progress-packing")
            writer.write(piece)
            done += len(piece)


def unpack(zip_path: Path, folder: Path, progress: Progress = Silent()) -> Path:
    """Unpack a packed project into a new folder.

    Parameters
    ----------
    zip_path : pathlib.Path
        What `write_pack` wrote.
    folder : pathlib.Path
        Folder to make; it must not exist, or be empty.
    progress : Progress
        Told of the work; stopped, nothing is left behind.

    Returns
    -------
    pathlib.Path
        The project file in it.

    Raises
    ------
    CityError
        ``project_file.not_a_pack`` or ``project_file.folder_taken``.
    """
    folder = Path(os.path.realpath(folder))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CityError(
            "project_file.folder_taken",
            "There is something in this folder already.",
            hint="name a new folder",
            where=str(folder),
        )
    try:
        archive = zipfile.ZipFile(zip_path)
    except (zipfile.BadZipFile, OSError) as error:
        raise _not_a_pack(zip_path) from error
    with archive:
        names = [info for info in archive.infolist() if not info.is_dir()]
        projects = [
            i.filename for i in names if i.filename.endswith(".gpkg") and "/" not in i.filename
        ]
        if len(projects) != 1 or not all(_is_safe(info.filename) for info in names):
            raise _not_a_pack(zip_path)
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".citystage-", dir=folder.parent))
        try:
            for number, info in enumerate(names):
                progress.step(number, len(names), "progress-unpacking")
                place = making / info.filename
                place.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as reader, place.open("xb") as writer:
                    shutil.copyfileobj(reader, writer, PIECE)
            making.chmod(0o755)
            if folder.exists():
                folder.rmdir()
            making.replace(folder)
        except zipfile.BadZipFile as error:
            raise _not_a_pack(zip_path) from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return folder / projects[0]


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and ":" not in name


def _not_a_pack(path: Path) -> CityError:
    return CityError(
        "project_file.not_a_pack",
        "The file is not a packed project.",
        hint="choose a zip that Citystage packed; data in a zip can be imported",
        where=str(path),
    )

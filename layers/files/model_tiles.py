"""3D Tiles (b3dm, glb): the finest tiles of a tileset as models in their places."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
from pyproj import Transformer

from layers.errors import CityError
from layers.files.implicit_tiles import implicit_contents, rule_of
from layers.files.model_read import RawModel, read_model
from layers.files.options import ImportOptions
from layers.files.raw import Note
from layers.files.reference import Reference, frame_for, placed_at, settle
from layers.files.report import LayerReport
from layers.frame import Frame
from layers.kinds.base import Layer, Source
from layers.kinds.model_library import Library, Model
from layers.kinds.models import KIND, Models
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.shapes import Floats

MOST_TILES = 2_000
MOST_TRIANGLES = 8_000_000
DEEPEST = 40  # tilesets in tilesets
EARTH = (6_250_000.0, 6_500_000.0)  # metres from the middle of the earth to its ground
READ = (".b3dm", ".glb", ".gltf")


def is_tileset(path: Path) -> bool:
    """Say whether a file is the list of tiles of a 3D Tiles set."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(4096)
    return b'"geometricError"' in head and b'"root"' in head


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One tile to read: its file and the matrix that carries it to the map, (4, 4)."""

    path: Path
    matrix: Floats


def tiles_of(path: Path, matrix: Floats | None = None, depth: int = 0) -> Iterator[Tile]:
    """Give the finest tiles of a tileset; those that are only refined away are left out.

    Raises
    ------
    CityError
        ``model.tileset`` where the list of tiles is broken.
    """
    try:
        root = json.loads(path.read_text(encoding="utf-8-sig"))["root"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CityError(
            "model.tileset",
            "The list of tiles cannot be read.",
            hint="name the tileset.json of the set, with its folders beside it",
            where=path.name,
        ) from error
    start = np.eye(4) if matrix is None else matrix
    yield from _of_node(path.parent, root, start, "REPLACE", depth)


def _of_node(
    folder: Path, node: dict[str, Any], parent: Floats, refine: str, depth: int
) -> Iterator[Tile]:
    matrix = parent
    if (own := node.get("transform")) is not None and len(own) == 16:
        matrix = parent @ np.asarray(own, dtype=np.float64).reshape(4, 4).T
    refine = str(node.get("refine", refine)).upper()
    if (rule := rule_of(node)) is not None:
        for name in implicit_contents(folder, node, rule, additive=refine == "ADD"):
            yield Tile(folder / name, matrix)
        return
    children = node.get("children") or []
    contents = node.get("contents") or ([node["content"]] if node.get("content") else [])
    for content in contents:
        name = unquote(str(content.get("uri") or content.get("url") or ""))
        if name.lower().endswith(".json") and depth < DEEPEST:
            yield from tiles_of(folder / name, matrix, depth + 1)
        elif name and (refine == "ADD" or not children):
            yield Tile(folder / name, matrix)
    for child in children:
        yield from _of_node(folder, child, matrix, refine, depth)


def import_tileset(
    project: Project, path: Path, options: ImportOptions, progress: Progress | None = None
) -> tuple[Layer, Frame, LayerReport]:
    """Read the finest level of a tileset into a layer of models.

    Sets around the middle of the earth (EPSG:4978) are carried over longitude, latitude and
    ellipsoidal height; others lie in `options.crs`, else in the project's system.

    Raises
    ------
    CityError
        ``model.tileset``, ``.tiles_many``, ``.tiles_none``, ``.tiles_missing``; as `read_model`.
    """
    begun = time.perf_counter()
    told = progress or Silent()
    tiles = list(tiles_of(path))
    readable = [tile for tile in tiles if tile.path.suffix.lower() in READ]
    wanted = [tile for tile in readable if tile.path.is_file()]
    _check_there(path, readable, wanted)
    _check_count(path, tiles, wanted)
    raws: list[tuple[RawModel, Floats]] = []
    notes: list[Note] = []
    triangles = 0
    for number, tile in enumerate(wanted):
        told.step(number, len(wanted), "progress-reading")
        raw = read_model(tile.path, Part(told, 0.9, 0.9))
        triangles += len(raw.triangles)
        if triangles > MOST_TRIANGLES:
            raise _too_much(path, len(wanted))
        raws.append((raw, _on_earth(raw, tile.matrix)))
        notes += [note for note in raw.notes if note.key not in {n.key for n in notes}]
    frame, places, models, crs, more = _placed(project, path, raws, options)
    names = pa.table({"name": pa.array([model.key for model in models.models], pa.string())})
    data = Models.placed(models, places, np.arange(len(places)), on_ground=False, attributes=names)
    facts = {"tiles": len(wanted), "files": path.name}
    notes = [Note("model_tileset", facts), *more, *notes]
    if len(readable) < len(tiles):
        notes.append(Note("model_tiles_left", {"count": len(tiles) - len(readable)}))
    if lost := [tile.path.name for tile in readable if tile not in wanted]:
        notes.append(Note("model_tiles_missing", {"count": len(lost), "first": lost[0]}))
    report = LayerReport(
        name=options.name or path.parent.name, kind=KIND.key, source=str(path), read=len(wanted),
        kept=len(wanted), objects=len(wanted), crs=crs, extent=data.extent(),
        messages=tuple(notes), seconds=time.perf_counter() - begun,
    )  # fmt: skip
    source = Source(path, "", options.chosen(), report.to_json())
    told.step(1, 1, "progress-done")
    return Layer(KIND.key, report.name, data, style=KIND.style, source=source), frame, report


def _check_there(path: Path, readable: list[Tile], there: list[Tile]) -> None:
    if readable and not there:
        raise CityError(
            "model.tiles_missing",
            f"None of the {len(readable)} tiles is there; the first is {readable[0].path.name}.",
            hint="copy the whole folder of the set; tiles on the web have to be downloaded first",
            where=path.name,
            count=len(readable),
            first=readable[0].path.name,
        )


def _check_count(path: Path, tiles: list[Tile], wanted: list[Tile]) -> None:
    if not wanted:
        kinds = ", ".join(sorted({tile.path.suffix for tile in tiles})) or "-"
        raise CityError(
            "model.tiles_none",
            f"The tileset has no tiles that can be read; it has: {kinds}.",
            hint="b3dm, glb and gltf tiles can be read; point clouds and instances cannot",
            where=path.name,
            kinds=kinds,
        )
    if len(wanted) > MOST_TILES:
        raise _too_much(path, len(wanted))


def _too_much(path: Path, count: int) -> CityError:
    return CityError(
        "model.tiles_many",
        f"The tileset is too large to be read whole: {count} tiles at its finest level; "
        f"{MOST_TILES} tiles or {MOST_TRIANGLES} triangles are the most.",
        hint="import the data that the tiles were made from, or the tileset of a smaller part",
        where=path.name,
        count=count,
        tiles=MOST_TILES,
        triangles=MOST_TRIANGLES,
    )


def _on_earth(raw: RawModel, matrix: Floats) -> Floats:
    """Give the points of a tile in the set's own coordinates, float64."""
    points = raw.points
    if raw.up == "y":
        points = np.stack([points[:, 0], -points[:, 2], points[:, 1]], axis=1)
    return np.asarray(points @ matrix[:3, :3].T + matrix[:3, 3])


def _placed(
    project: Project,
    path: Path,
    raws: list[tuple[RawModel, Floats]],
    options: ImportOptions,
) -> tuple[Frame, Floats, Library, str, list[Note]]:
    """Carry tiles into the project, each around the middle of its own base."""
    frame = project.frame
    middle = np.array([points.mean(axis=0) for _, points in raws]).mean(axis=0)
    notes: list[Note] = []
    round_earth = options.crs is None and EARTH[0] < float(np.linalg.norm(middle)) < EARTH[1]
    if round_earth:
        down = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)
        raws = [(raw, np.column_stack(down.transform(*points.T))) for raw, points in raws]
        notes.append(Note("model_tiles_geocentric"))
    sample = np.concatenate([points[:: max(len(points) // 200, 1), :2] for _, points in raws])
    asked = options.crs or ("EPSG:4326" if round_earth else frame.crs if frame else None)
    reference: Reference = settle(sample, None, asked=asked, frame=frame, where=path.name)
    if frame is None:
        frame, note = frame_for(reference, sample)
        notes += [note] if note is not None else []
    to_project, more = placed_at(sample, reference, frame, path.name)
    notes += more
    places: list[Floats] = []
    models: list[Model] = []
    for number, (raw, points) in enumerate(raws):
        xyz = np.column_stack([to_project(points[:, :2]), points[:, 2]])
        low, high = xyz.min(axis=0), xyz.max(axis=0)
        place = np.array([*((low + high) / 2)[:2], low[2]])
        x, y, z = place.tolist()
        places.append(place)
        models.append(
            Model(
                f"{number + 1} {raw.path.stem}", (xyz - place).astype(np.float32), raw.triangles,
                raw.parts, raw.materials, raw.uv, raw.colours, raw.textures,
                anchor=(x, y, z), source=str(raw.path), format=raw.format,
            )
        )  # fmt: skip
    return frame, np.array(places), Library(tuple(models)), reference.crs, notes

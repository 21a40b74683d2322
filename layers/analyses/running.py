"""Asking an analysis, telling whether its answer still holds, asking again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from layers.analyses.base import Reads, params_of, plain_params
from layers.analyses.table import analysis_of
from layers.content import content_hash, hash_of_pieces, piece_hashes, text_hash
from layers.errors import CityError
from layers.files.project_state import project_of, state_of
from layers.kinds.answers import SavedAnalysis
from layers.kinds.base import Layer
from layers.planning.measure import program
from layers.progress import Progress, Silent
from layers.project import Project
from layers.rules import chosen
from layers.schemes import project_with


def snapshot(project: Project) -> Project:
    """Give the project as it is now, for work in another thread; the data is shared."""
    return project_of(state_of(project))


def run(
    project: Project,
    kind: str,
    params: Mapping[str, Any] | Any = None,
    progress: Progress = Silent(),
    *,
    name: str = "",
    scheme: str = "",
) -> SavedAnalysis:
    """Ask an analysis.

    Parameters
    ----------
    project : Project
        The city, or the snapshot of a scheme; not changed.
    kind : str
        Key of the analysis.
    params : mapping, parameters of the analysis, or None
        None takes the defaults.
    progress : Progress
        Told how far it is; may stop it.
    name : str
        What to call the answer.
    scheme : str
        Name of the scheme that `project` shows.

    Returns
    -------
    SavedAnalysis
        Not kept yet; its number is 0.

    Raises
    ------
    CityError
        ``analysis.unknown``, those of `params_of`, and those of the analysis.
    """
    analysis = analysis_of(kind)
    if params is None or isinstance(params, Mapping):
        params = params_of(analysis, params or {})
    reads = analysis.reads(project, params)
    inputs = inputs_of(project, reads)
    with chosen.seeing(reads.about):
        outcome = analysis.run(project, params, progress)
    return SavedAnalysis(
        id=0,
        kind=kind,
        name=name or kind,
        params=plain_params(params),
        inputs=inputs,
        outcome=outcome,
        program=program(),
        created=datetime.now(UTC).astimezone().isoformat(timespec="seconds"),
        crs=project.need_frame().crs,
        scheme=scheme,
    )


def again(project: Project, item: SavedAnalysis, progress: Progress = Silent()) -> SavedAnalysis:
    """Ask the same again; number, name, note and whether it is shown stay."""
    fresh = run(project, item.kind, item.params, progress, name=item.name, scheme=item.scheme)
    return replace(fresh, id=item.id, note=item.note, shown=item.shown)


def inputs_of(project: Project, reads: Reads) -> dict[str, str]:
    """Give the hash of each thing an answer depends on."""
    frame = project.need_frame()
    out = {"frame": text_hash(f"{frame.crs} {frame.grid!r} {frame.height_datum}")}
    if reads.ground:
        terrain = project.terrain()
        out["ground"] = "" if terrain is None else content_hash(terrain)
    if reads.moment:
        out["moment"] = project.info.moment
    out |= reads.more
    for layer_id in reads.layers:
        layer = project.layer(layer_id)
        out[f"layer:{layer.id}"] = _layer_hash(layer, reads.columns.get(layer_id))
    if reads.before:
        out |= _before(project, reads)
    for pack in chosen.packs(reads.packs) if reads.packs else ():
        if told := chosen.pack_hash(pack, reads.about):
            out[f"rules:{pack.id}"] = told
    return out


def _before(project: Project, reads: Reads) -> dict[str, str]:
    """Give the hash of the project file, or of the layers in the scheme, that stands for before."""
    if reads.before.lower().endswith(".gpkg"):
        path = Path(reads.before)
        if not path.is_file():
            return {f"file:{path.name}": ""}
        with path.open("rb") as file:
            return {f"file:{path.name}": hashlib.file_digest(file, "blake2b").hexdigest()}
    other = project_with(project, reads.before)
    there = {layer.id: layer for layer in other.layers}
    known = [i for i in reads.layers if i in there]
    hashes = [_layer_hash(there[i], reads.columns.get(i)) for i in known]
    return {f"scheme:{reads.before}": text_hash(" ".join(hashes))}


def _layer_hash(layer: Layer, columns: tuple[str, ...] | None) -> str:
    packed = layer.data.pack()
    if columns is None:
        return content_hash(packed)
    pieces = piece_hashes(packed)
    table = packed.tables.get("attributes")
    names = [] if table is None else table.column_names
    wanted = {f"arrays/{name}" for name in (*columns, "ids", "feature")}
    wanted |= {f"tables/attributes/{names.index(name)}" for name in columns if name in names}
    kept = {k: v for k, v in pieces.items() if k in wanted or k.startswith("arrays/shapes.")}
    return hash_of_pieces(kept)


def changed(project: Project, item: SavedAnalysis) -> tuple[str, ...]:
    """Name the inputs of an answer that are not what they were; empty: it still holds.

    Returns
    -------
    tuple of str
        Keys of `SavedAnalysis.inputs`; ``"gone"`` where what it is about is not there any more.
    """
    try:
        analysis = analysis_of(item.kind)
        now = inputs_of(project, analysis.reads(project, params_of(analysis, item.params)))
    except CityError:
        return ("gone",)
    keys = dict.fromkeys((*item.inputs, *now))
    return tuple(key for key in keys if now.get(key) != item.inputs.get(key))


def is_stale(project: Project, item: SavedAnalysis) -> bool:
    """Say whether something an answer depends on has changed since."""
    return bool(changed(project, item))

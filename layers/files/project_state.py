"""A project frozen at one moment, and its small parts as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from layers.content import plain_json, text_hash
from layers.frame import CityGrid, Frame
from layers.kinds.base import LayerState, Source
from layers.project import Info, Project
from layers.schemes import base_city, captured, show_stored
from layers.schemes_model import Schemes
from layers.style import Colouring, Entry, Style
from layers.tours import Tours
from layers.viewpoint import View


@dataclass(frozen=True, slots=True)
class ProjectState:
    """A project at one moment: what a worker saves while the window goes on."""

    frame: Frame | None
    info: Info
    layers: tuple[LayerState, ...]
    views: tuple[View, ...]
    tours: Tours = field(default_factory=Tours)
    schemes: Schemes = field(default_factory=Schemes)


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A project as it is now; taking it costs nothing, for the data is frozen.

    What an active scheme changed is worked out by `state`, in whatever thread.
    """

    _taken: ProjectState
    _shown: Project | None

    @classmethod
    def of(cls, project: Project) -> Moment:
        """Take a project as it is now."""
        layers = tuple(LayerState.of(held.layer, held.data) for held in base_city(project))
        schemes = project.schemes
        taken = ProjectState(
            project.frame, project.info, layers, project.views, project.tours,
            replace(schemes, base=(), below=()),
        )  # fmt: skip
        return cls(taken, shown_copy(project) if schemes.active else None)

    def state(self) -> ProjectState:
        """Give the existing city, and in the schemes what an active one changed of it."""
        if self._shown is None:
            return self._taken
        schemes = replace(captured(self._shown), base=(), below=())
        return replace(self._taken, schemes=schemes)


def shown_copy(project: Project) -> Project:
    """Give a project with the layers as they are shown now, for a thread; the data is shared."""
    copy = Project(project.frame, project.info)
    for layer in project.layers:
        copy.insert_layer(LayerState.of(layer).layer())
    copy.views, copy.tours, copy.schemes = project.views, project.tours, project.schemes
    return copy


def state_of(project: Project) -> ProjectState:
    """Take a project as it is now.

    The layers are those of the existing city; what an active scheme changed of them
    stands in the schemes.
    """
    return Moment.of(project).state()


def project_of(state: ProjectState) -> Project:
    """Make a project that holds a state."""
    project = Project(state.frame, state.info)
    for layer in state.layers:
        project.insert_layer(layer.layer())
    project.views = state.views
    project.tours = state.tours
    show_stored(project, state.schemes, state.schemes.active)
    return project


def _known(raw: dict[str, Any], made: type[Any]) -> dict[str, Any]:
    names = {field.name for field in fields(made)}
    return {key: value for key, value in raw.items() if key in names}


def frame_to_json(frame: Frame | None) -> dict[str, Any] | None:
    """Give plain values of the frame."""
    return None if frame is None else asdict(frame)


def frame_from_json(raw: dict[str, Any] | None) -> Frame | None:
    """Build the frame from what `frame_to_json` gave."""
    if raw is None:
        return None
    grid = raw.get("grid")
    east, north = raw["origin"]
    return Frame(
        **{
            **_known(raw, Frame),
            "origin": (east, north),
            "grid": None if grid is None else CityGrid(**_known(grid, CityGrid)),
        }
    )


def info_from_json(raw: dict[str, Any]) -> Info:
    """Build the project's description."""
    return Info(**_known(raw, Info))


def style_from_json(raw: dict[str, Any]) -> Style:
    """Build a look from the values that ``asdict`` gave."""
    colouring = raw.get("colouring")
    if colouring is not None:
        entries = tuple(Entry(**_known(entry, Entry)) for entry in colouring["entries"])
        colouring = Colouring(**{**_known(colouring, Colouring), "entries": entries})
    return Style(**{**_known(raw, Style), "colouring": colouring})


def source_to_json(source: Source, write_path: Callable[[Path], dict[str, str]]) -> dict[str, Any]:
    """Give plain values of a layer's source.

    Parameters
    ----------
    source : Source
        Where the layer came from.
    write_path : callable
        Gives the forms in which a path is kept.
    """
    return {
        "path": None if source.path is None else write_path(source.path),
        "layer": source.layer,
        "options": source.options,
        "report": source.report,
    }


def source_from_json(raw: dict[str, Any], read_path: Callable[[dict[str, str]], Path]) -> Source:
    """Build a layer's source; `read_path` undoes what `write_path` did."""
    kept = raw.get("path")
    return Source(
        None if kept is None else read_path(kept),
        raw.get("layer", ""),
        dict(raw.get("options", {})),
        dict(raw.get("report", {})),
    )


def layer_to_json(layer: LayerState) -> dict[str, Any]:
    """Give plain values of a layer's look and name."""
    return {
        "id": layer.id,
        "kind": layer.kind,
        "name": layer.name,
        "visible": layer.visible,
        "opacity": layer.opacity,
        "style": asdict(layer.style),
    }


def digest(state: ProjectState, hashes: Mapping[str, str]) -> str:
    """Give the hash of all a project holds, for telling whether two states are the same.

    Parameters
    ----------
    state : ProjectState
        The state.
    hashes : mapping of str to str
        Content hash of each layer by id.
    """
    whole = {
        "frame": frame_to_json(state.frame),
        "info": asdict(state.info),
        "views": [view.to_json() for view in state.views],
        "layers": [[layer_to_json(layer), hashes[layer.id]] for layer in state.layers],
    }
    if state.tours:
        whole["tours"] = state.tours.to_json()
    return text_hash(plain_json(whole))

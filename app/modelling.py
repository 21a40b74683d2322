"""The half of the Python interface about hand-made models; `app.api.City` has these verbs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from app.session import Session
from layers.edits import AddLayer
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.models import KIND, Models, models_of
from layers.model_edits import (
    add_model,
    change_models,
    link_buildings,
    place_more,
    placed_on_points,
    remove_models,
    set_axes,
    unlink_buildings,
)

if TYPE_CHECKING:
    from layers.files.model_choices import ModelChoices
    from layers.files.raw import Note
    from layers.kinds.model_library import Library

Ids = Sequence[int] | None


class Modelling:
    """What can be done with hand-made models in an open project."""

    session: Session

    def models(self, layer: str = "") -> Models:
        """Give the models of a layer; "" takes the only layer of models there is.

        Raises
        ------
        CityError
            ``models.none``, ``models.choose_layer``, ``models.other_kind``.
        """
        return models_of(self.model_layer(layer))

    def model_layer(self, name: str = "") -> Layer:
        """Give a layer of models by its name or id; see `models`."""
        project = self.session.project
        if name:
            layer = project.layer(name)
            models_of(layer)
            return layer
        layers = list(project.of_kind(KIND.key))
        if not layers:
            raise CityError(
                "models.none",
                "The project has no models yet.",
                hint="import a GLB, OBJ or another model first",
            )
        if len(layers) > 1:
            names = ", ".join(layer.name for layer in layers)
            raise CityError(
                "models.choose_layer",
                f"The project has {len(layers)} layers of models.",
                hint=f"name one of: {names}",
                count=len(layers),
                names=names,
            )
        return layers[0]

    def place_models(
        self,
        layer: str,
        places: Iterable[Sequence[float]],
        *,
        model: str = "",
        turn: float | Sequence[float] = 0.0,
        scale: float | Sequence[float] = 1.0,
        hide_buildings: bool = False,
    ) -> list[int]:
        """Put a model of a layer on more places.

        Parameters
        ----------
        layer : str
            Name or id of a layer of models.
        places : iterable of (east, north) or (east, north, height)
            Metres; without a height they stand on the ground, else on the datum.
        model : str
            Key of the model; "" takes the first.
        turn, scale : float or one for each place
            Degrees clockwise seen from above, and size against the file.
        hide_buildings : bool
            Whether buildings under them are hidden.

        Returns
        -------
        list of int
            The new ids.
        """
        points = [tuple(float(v) for v in place) for place in places]
        on_ground = all(len(point) == 2 for point in points)
        if not on_ground and not all(len(point) == 3 for point in points):
            raise CityError(
                "models.mixed_heights",
                "Either all places have a height or none.",
                hint="place those with a height and those on the ground one after the other",
            )
        xyz = np.array([(*point, 0.0)[:3] for point in points], dtype=np.float64)
        command, ids = place_more(
            self.session.project, self.model_layer(layer).id, xyz, model, turn=turn, scale=scale,
            on_ground=on_ground, hide=hide_buildings,
        )  # fmt: skip
        self.session.run(command)
        return [int(i) for i in ids]

    def place_on_points(
        self,
        files: Sequence[str | Path],
        points: str,
        *,
        name: str = "",
        model_field: str = "",
        turn_field: str = "",
        scale_field: str = "",
        height_field: str = "",
        choices: ModelChoices | None = None,
    ) -> tuple[Layer, list[Note]]:
        """Put models on the points of a layer, as a new layer with the points' attributes.

        Parameters
        ----------
        files : sequence of path
            Models; instances name them by the file's name without its ending.
        points : str
            Name or id of a layer of shapes.
        name : str
            Name of the new layer; "" takes that of the points.
        model_field, turn_field, scale_field, height_field : str
            Fields with the model's name, degrees clockwise, the size, and the height in metres
            each model is brought to.
        choices : ModelChoices or None
            Up axis, unit and the like for all files.

        Returns
        -------
        (Layer, list of Note)
            The new layer and what is to be told.
        """
        from layers.files.raw import Note

        project = self.session.project
        on = project.layer(points)
        library, notes = read_library([Path(file) for file in files], choices)
        data, unknown = placed_on_points(
            on.features, library, model_field=model_field, turn_field=turn_field,
            scale_field=scale_field, height_field=height_field,
        )  # fmt: skip
        if unknown:
            first = library.keys[0]
            notes.append(Note("model_unknown_names", {"count": unknown, "first": first}))
        new = Layer(KIND.key, name or on.name, data, style=KIND.style)
        self.session.run(AddLayer(new))
        return new, notes

    def change_models(
        self,
        layer: str,
        ids: Ids = None,
        *,
        place: Sequence[float] | None = None,
        shift: Sequence[float] | None = None,
        turn: float | None = None,
        scale: float | None = None,
        on_ground: bool | None = None,
        model: str = "",
    ) -> None:
        """Move, turn or size models; None as `ids` takes all of the layer.

        See `layers.model_edits.change_models` for the values.
        """
        chosen = self.model_layer(layer)
        numbers = models_of(chosen).ids if ids is None else ids
        if place is not None and len(place) == 3 and on_ground is None:
            on_ground = False
        project = self.session.project
        if on_ground is not None:
            self.session.run(change_models(project, chosen.id, numbers, on_ground=on_ground))
        command = change_models(
            project, chosen.id, numbers, place=place, shift=shift, turn=turn, scale=scale, key=model
        )
        self.session.run(command)

    def remove_models(self, layer: str, ids: Sequence[int]) -> None:
        """Take models away; buildings they hid are shown again."""
        project = self.session.project
        self.session.run(remove_models(project, self.model_layer(layer).id, ids))

    def set_model_axes(
        self,
        layer: str,
        model: str = "",
        *,
        up: Literal["y", "z"] | None = None,
        unit: float | None = None,
    ) -> None:
        """Say anew which axis of a model points up, and how many metres its unit has."""
        chosen = self.model_layer(layer)
        key = model or models_of(chosen).library.keys[0]
        self.session.run(set_axes(self.session.project, chosen.id, key, up=up, unit=unit))

    def add_model(self, layer: str, file: str | Path, choices: ModelChoices | None = None) -> str:
        """Add a model to a layer's library without placing it; gives its key."""
        library, _ = read_library([Path(file)], choices)
        chosen = self.model_layer(layer)
        self.session.run(add_model(self.session.project, chosen.id, library.models[0]))
        return models_of(chosen).library.keys[-1]

    def hide_buildings_under(self, layer: str, ids: Ids = None) -> int:
        """Hide the buildings under models; gives how many are hidden by the layer now."""
        chosen = self.model_layer(layer)
        self.session.run(link_buildings(self.session.project, chosen.id, ids))
        return len(models_of(chosen).links)

    def show_buildings_under(self, layer: str, ids: Ids = None) -> None:
        """Show the buildings again that models hid."""
        chosen = self.model_layer(layer)
        self.session.run(unlink_buildings(self.session.project, chosen.id, ids))


def read_library(
    files: Sequence[Path], choices: ModelChoices | None = None
) -> tuple[Library, list[Note]]:
    """Read files of models, one or several, into a library; gives it and what is to be told."""
    from layers.files.model_choices import ModelChoices as Choices
    from layers.files.model_import import shape_model
    from layers.files.model_read import read_model
    from layers.kinds.model_library import Library

    library = Library()
    notes: list[Note] = []
    for file in files:
        shaped = shape_model(read_model(file), replace(choices or Choices(), at=None))
        library = library.with_model(shaped.model)
        notes += shaped.notes
    return library, notes

"""Pictures of a project with their furniture in words: what `render` and job files draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.arguments import DEFAULT_SIZE, overview, pick_layers
from layers.project import Project
from layers.viewpoint import View, Viewpoint

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Order:
    """One picture that is wanted.

    Attributes
    ----------
    view : View or None
        A named view.
    camera : Viewpoint or None
        Where to look from, in place of the view's camera; with neither of the
        two everything visible is shown from the south.
    name : str
        What a picture without a named view is called.
    size : (int, int)
        Width and height, pixels.
    title : str or None
        Heading; "" for none, None for view and project.
    furniture : bool
        Whether to draw title, legend, north arrow, scale bar, date, coordinates.
    transparent : bool
        Whether the background is see-through.
    hide, show : sequence of str
        Layers (names, ids or kinds) switched off and on for this picture.
    moment : str
        Local time for the sun; "" takes the view's or the project's.
    """

    view: View | None = None
    camera: Viewpoint | None = None
    name: str = ""
    size: tuple[int, int] = DEFAULT_SIZE
    title: str | None = None
    furniture: bool = True
    transparent: bool = False
    hide: Sequence[str] = ()
    show: Sequence[str] = ()
    moment: str = ""


def view_of(project: Project, order: Order) -> View:
    """Give the view that an order means, with its camera, hidden layers and moment.

    Raises
    ------
    CityError
        ``project.no_such_layer``, ``argument.empty_project``.
    """
    base = order.view
    hidden = {layer.id for layer in project.layers if not layer.visible}
    if base is not None and base.hidden is not None:
        hidden = set(base.hidden)
    hidden = (hidden - pick_layers(project, order.show)) | pick_layers(project, order.hide)
    camera = order.camera or (base.camera if base is not None else None)
    if camera is None:
        camera = overview(project, aspect=order.size[0] / order.size[1])
    name = base.name if base is not None else order.name
    moment = order.moment or (base.moment if base is not None else "")
    note = base.note if base is not None else ""
    return View(name, camera, tuple(sorted(hidden)), moment, note)

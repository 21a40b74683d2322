"""Pictures of a project with their furniture in words: what `render` and job files draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING

from app.arguments import DEFAULT_SIZE, overview, pick_layers
from app.wording import Wording, current, dashed
from layers.cut import Cut
from layers.looks import checked
from layers.planning.measure import program
from layers.progress import Progress, Silent
from layers.project import Project
from layers.viewpoint import View, Viewpoint, exaggerated, exploded, seen_through

if TYPE_CHECKING:
    from scene.captions import Captions
    from scene.furniture import Furniture, Words
    from scene.offscreen import Picture, Studio
    from scene.stage import Stage


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
    captions : Captions or None
        What is said and done at this moment, written at the lower edge.
    coordinates : bool
        Whether place and direction of the eye are told.
    larger : float
        How many times larger than usual title, legend and scale are.
    furniture : bool
        Whether to draw title, legend, north arrow, scale bar, date, coordinates.
    legend, layers : bool
        Whether the legend is among them, and names layers beside what drills and answers show.
    transparent : bool
        Whether the background is see-through.
    hide, show : sequence of str
        Layers (names, ids or kinds) switched off and on for this picture.
    moment : str
        Local time for the sun; "" takes the view's or the project's.
    shadows : bool
        Whether buildings and terrain throw their true shadows.
    corner_shade : bool
        Whether corners are shaded, as in the window.
    look : str
        One of `layers.looks.LOOKS`; "" takes the view's or the project's.
    cut : Cut or None
        What is taken away; None takes the view's.
    underground : float or None
        How much of the ground is seen through, 0 to 1; None takes the view's.
    exaggeration : float
        How many times higher everything is drawn than it is; 0 takes the view's or the project's.
    explode : float or None
        Metres that the layers are drawn apart; None takes the view's. A cut counts before it.
    """

    view: View | None = None
    camera: Viewpoint | None = None
    name: str = ""
    size: tuple[int, int] = DEFAULT_SIZE
    title: str | None = None
    captions: Captions | None = None
    furniture: bool = True
    coordinates: bool = True
    larger: float = 1.0
    legend: bool = True
    layers: bool = True
    transparent: bool = False
    hide: Sequence[str] = ()
    show: Sequence[str] = ()
    moment: str = ""
    shadows: bool = False
    corner_shade: bool = True
    look: str = ""
    cut: Cut | None = None
    underground: float | None = None
    exaggeration: float = 0.0
    explode: float | None = None


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
    look = checked(order.look) or (base.look if base is not None else "")
    cut = order.cut or (base.cut if base is not None else None)
    through = base.underground if base is not None else 0.0
    if order.underground is not None:
        through = seen_through(order.underground)
    apart = base.explode if base is not None else 0.0
    if order.explode is not None:
        apart = exploded(order.explode)
    return View(name, camera, tuple(sorted(hidden)), moment, note, look, cut, through, apart)


def words_of(wording: Wording) -> Words:
    """Give the texts of a picture's furniture in a language."""
    from layers.kinds.control_lines import PRESETS
    from layers.kinds.emergency import STATES
    from layers.pipes.classes import CLASS_KEYS
    from layers.planning.themes import THEME_KEYS
    from scene.furniture import Words

    names = {
        name: wording.t(f"picture-{name.replace('_', '-')}")
        for name in Words.__dataclass_fields__
        if name not in {"presets", "pipe_classes", "statuses", "marks", "unit_states", "chinese"}
    }
    presets = {key: wording.t(f"line-preset-{key}") for key in PRESETS}
    classes = {key: wording.t(f"pipe-class-{key}") for key in CLASS_KEYS}
    statuses = {key: wording.t(f"status-{key}") for key in ("pass", "warning", "fail", "none")}
    statuses |= {key: wording.t(f"cell-theme-{key}") for key in THEME_KEYS}
    windows = ("lost", "worse", "short", "less", "new", "kept")  # what becomes of their sun
    risks = ("risk-red", "risk-orange", "risk-yellow", "risk-blue")
    statuses |= {key: wording.t(f"cell-{key}") for key in (*windows, *risks)}
    states = {key: wording.t(f"resource-state-{key}") for key in STATES}
    return Words(
        **names, presets=presets, pipe_classes=classes, statuses=statuses, marks=MarkNames(wording),
        unit_states=states, chinese=wording.locale == "zh-CN",
    )  # fmt: skip


class MarkNames(Mapping[str, str]):
    """What the marks of answers are called, looked up when a legend asks."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def __getitem__(self, name: str) -> str:
        key = f"answers-marks-{dashed(name)}"
        if not self._wording.has(key):
            raise KeyError(name)
        return self._wording.t(key)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def furniture_of(
    project: Project, view: View, wording: Wording, title: str | None = None
) -> Furniture:
    """Give the furniture of a picture.

    Parameters
    ----------
    project : Project
        Its title stands below that of the view.
    view : View
        Its name is the title, its note the caption.
    wording : Wording
        Language.
    title : str or None
        Another heading; "" for none, None for view and project.
    """
    from scene.furniture import Furniture

    whole = project.info.title
    if scheme := project.schemes.active_scheme:
        whole = f"{whole} · {scheme.name}" if whole else scheme.name
    heading = (view.name or whole) if title is None else title
    below = whole if title is None and view.name else ""
    return Furniture(title=heading, subtitle=below, caption=view.note, words=words_of(wording))


class Painter:
    """Draws many pictures of one project off-screen; use it in a ``with`` statement.

    Parameters
    ----------
    project : Project
        What is drawn.
    locale : str
        Language of the furniture; "" takes the program's.
    """

    def __init__(self, project: Project, locale: str = "") -> None:
        self._project = project
        self._wording = Wording(locale) if locale else current()
        self._studio: Studio | None = None

    def __enter__(self) -> Painter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the off-screen stage."""
        if self._studio is not None:
            self._studio.close()
            self._studio = None

    def paint(
        self, order: Order, progress: Progress | None = None,
        before: Callable[[Stage], None] | None = None,
    ) -> Picture:  # fmt: skip
        """Draw a picture; `before` is called with the stage when it is there.

        Raises
        ------
        CityError
            ``project.no_such_layer``, ``argument.empty_project``; as drawing does.
        Cancelled
            If the user stopped it.
        """
        from scene.offscreen import Picture, PictureRequest, Studio

        view = view_of(self._project, order)
        furniture = None
        if order.furniture:
            furniture = furniture_of(self._project, view, self._wording, order.title)
            furniture = replace(
                furniture, legend=order.legend, layers=order.layers, captions=order.captions,
                larger=order.larger, coordinates=order.coordinates,
            )  # fmt: skip
        request = PictureRequest(
            view=view,
            size=order.size,
            furniture=furniture,
            transparent=order.transparent,
            shadows=order.shadows,
            corner_shade=order.corner_shade,
            exaggeration=order.exaggeration and exaggerated(order.exaggeration),
        )
        if self._studio is None:
            self._studio = Studio(self._project)
        if before is not None:
            before(self._studio.stage)
        picture = self._studio.picture(request, progress or Silent())
        return Picture(picture.pixels, {**picture.facts, "Software": program()})

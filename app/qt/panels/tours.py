"""The camera paths and stories of the project: make, play, film, change, delete."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QListWidgetItem,
    QMenu,
)

from app.qt.desk import Desk
from app.qt.dialogs.tour_editors import PathEditor, StoryEditor
from app.qt.naming import new_name
from app.qt.panels.named_list import NamedList, own_actions
from app.touring import line_of
from layers.camera_path import CameraPath, along_line
from layers.kinds.base import Features
from layers.shapes import LINE
from layers.touring import remove_path, remove_story, save_path, save_story
from layers.tours import Slide, Story, Tours

WHAT = Qt.ItemDataRole.UserRole
ABOVE = 40.0  # metres a path over a line is above the ground at first


class ToursPanel(NamedList):
    """The panel of camera paths and stories.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "tours")
        self.play: Callable[[CameraPath | Story], None] = lambda _what: None
        self.film: Callable[[CameraPath | Story], None] = lambda _what: None
        self._list.itemActivated.connect(lambda _item: self._play())
        self._list.currentItemChanged.connect(self._enable)
        self._own = own_actions(desk, self, "tours", (
            ("add", "add", "", self._open_add),
            ("play", "play", "", self._play),
            ("film", "film", "", self._film),
            ("edit", "edit", "F2", self._edit),
            ("remove", "remove", "Del", self._remove),
        ))  # fmt: skip
        self._lay_out(self._own.values())
        self._shown: Tours | None = None
        desk.project_edited.connect(self._fill)
        desk.theme.changed.connect(self._refill)
        self._fill()

    def _open_add(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("tours-menu")
        views = len(self._desk.project.views)
        for key, does, possible in (
            ("path-of-views", self.add_path_of_views, views > 1),
            ("path-of-line", self.add_path_of_line, self._line() is not None),
            ("path-of-clicks", self._trace, bool(self._desk.project.layers)),
            ("story-of-views", self.add_story, views > 0),
        ):
            action = menu.addAction(self._desk.texts.t(f"tours-{key}"))
            action.setObjectName(f"tours-{key}")
            action.setEnabled(possible)
            action.triggered.connect(does)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(self.rect().topLeft()))

    # Making ----------------------------------------------------------------------------------

    def add_path_of_views(self) -> None:
        """Make a path through all named views."""
        stops = tuple(view.camera for view in self._desk.project.views)
        self._keep(lambda: CameraPath(self._new_name("path"), stops, seconds=5.0 * len(stops)))

    def add_path_of_line(self) -> None:
        """Make a path along the selected line."""
        found = self._line()
        if found is not None:
            project = self._desk.project
            self._keep(
                lambda: along_line(
                    self._new_name("path"),
                    line_of(project, *found),
                    project.ground_at,
                    above=ABOVE,
                )
            )

    def add_story(self) -> None:
        """Make a story of all named views."""
        slides = tuple(Slide(view.name) for view in self._desk.project.views)
        story = Story(self._new_name("story"), slides)
        self._desk.attempt(lambda: self._desk.run(save_story(self._desk.project, story)))

    def _keep(self, make: Callable[[], CameraPath]) -> None:
        desk = self._desk
        desk.attempt(lambda: desk.session.run(save_path(desk.project, make())))

    def _trace(self) -> None:
        self._desk.session.tool = "tool-path"
        self._desk.tell("info", "tours-trace")

    def _line(self) -> tuple[str, int] | None:
        """Give layer and number of the one line that is selected."""
        for layer_id, ids in self._desk.session.selection.items():
            data = self._desk.project.layer(layer_id).data
            if isinstance(data, Features) and len(ids):
                rows = data.index_of(ids)
                lines = rows[data.shapes.kind[rows] == LINE]
                if lines.size:
                    return layer_id, int(data.ids[lines[0]])
        return None

    def _new_name(self, what: str) -> str:
        return new_name(self._desk.texts, self._desk.project.tours, what)

    # Showing ---------------------------------------------------------------------------------

    def _refill(self) -> None:
        self._shown = None
        self._fill()

    def _fill(self) -> None:
        tours = self._desk.project.tours
        if tours is not self._shown:
            chosen = self._newest(tours) or self.chosen()
            self._shown = tours
            self._list.clear()
            items: list[CameraPath | Story] = [*tours.paths, *tours.stories]
            for item in items:
                kind = "path" if isinstance(item, CameraPath) else "story"
                row = QListWidgetItem(
                    self._desk.theme.icon(kind, "accent"),
                    self._desk.texts.t("tours-row", name=item.name, seconds=f"{item.seconds:g}"),
                )
                row.setData(WHAT, item)
                self._list.addItem(row)
                if chosen is not None and type(item) is type(chosen) and item.name == chosen.name:
                    self._list.setCurrentItem(row)
            self._show_list(there=bool(tours))
        self._enable()

    def _newest(self, tours: Tours) -> CameraPath | Story | None:
        """Give the one path or story that has just come in."""
        if self._shown is None:
            return None
        before: list[CameraPath | Story] = [*self._shown.paths, *self._shown.stories]
        items: list[CameraPath | Story] = [*tours.paths, *tours.stories]
        known = {(type(one), one.name) for one in before}
        new = [one for one in items if (type(one), one.name) not in known]
        return new[0] if len(new) == 1 else None

    def _enable(self) -> None:
        for key, action in self._own.items():
            action.setEnabled(key == "add" or self._list.currentItem() is not None)

    def chosen(self) -> CameraPath | Story | None:
        """Give the path or story that is chosen."""
        item = self._list.currentItem()
        what = None if item is None else item.data(WHAT)
        return what if isinstance(what, CameraPath | Story) else None

    # Doing -----------------------------------------------------------------------------------

    def _play(self) -> None:
        if (what := self.chosen()) is not None:
            self.play(what)

    def _film(self) -> None:
        if (what := self.chosen()) is not None:
            self.film(what)

    def _edit(self) -> None:
        what = self.chosen()
        if isinstance(what, CameraPath):
            PathEditor(self._desk, what, self.window()).open()
        elif isinstance(what, Story):
            StoryEditor(self._desk, what, self.window()).open()

    def _remove(self) -> None:
        what, desk = self.chosen(), self._desk
        if isinstance(what, CameraPath):
            desk.run(remove_path(desk.project, what.name))
        elif isinstance(what, Story):
            desk.run(remove_story(desk.project, what.name))

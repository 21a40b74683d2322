"""The commands that keep, change and remove answers; each is one step that can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from layers.edits import AddLayer, SetData, Together
from layers.errors import CityError
from layers.history import Command, Label
from layers.kinds import kind_of
from layers.kinds.answers import Answers, SavedAnalysis
from layers.kinds.base import Layer
from layers.project import Project

LAYER_NAME = "Answers"
OFFERED = "offered"  # name of marks whose buildings can be taken over


def answers_layer(project: Project) -> Layer | None:
    """Give the layer that keeps the answers; None while there is none."""
    return next(project.of_kind("answers"), None)


def answers_of(project: Project) -> Answers:
    """Give the answers of a project."""
    layer = answers_layer(project)
    return layer.data if layer is not None and isinstance(layer.data, Answers) else Answers()


def _swap(project: Project, data: Answers, title: Label, layer_name: str = LAYER_NAME) -> Command:
    layer = answers_layer(project)
    if layer is None:
        kind = kind_of("answers")
        new = Layer(kind.key, layer_name, data, style=kind.style)
        return Together((AddLayer(new),), title)
    return SetData(layer.id, data, title)


def add_answer(project: Project, item: SavedAnalysis, *, layer_name: str = LAYER_NAME) -> Command:
    """Make the command that keeps a new answer; its name becomes one of its own."""
    data = answers_of(project)
    item = replace(item, name=free_name(data, item.name))
    title = Label("edit-add-answer", {"name": item.name})
    return _swap(project, data.with_new(item), title, layer_name)


def free_name(data: Answers, name: str) -> str:
    """Give a name that no answer has: the given one, or with a number behind it."""
    names = {item.name for item in data.items}
    if name not in names:
        return name
    number = next(i for i in range(2, len(names) + 3) if f"{name} {i}" not in names)
    return f"{name} {number}"


def renew_answer(project: Project, item: SavedAnalysis) -> Command:
    """Make the command that puts an answer asked again in the place of the old one."""
    title = Label("edit-again-answer", {"name": item.name})
    return _swap(project, answers_of(project).with_changed(item), title)


def rename_answer(project: Project, number: int, name: str) -> Command:
    """Make the command that gives an answer another name.

    Raises
    ------
    CityError
        ``answers.name`` for an empty name or one that another answer has.
    """
    data = answers_of(project)
    old, name = data.get(number), name.strip()
    if not name or any(item.name == name and item.id != number for item in data.items):
        raise CityError(
            "answers.name",
            "Two answers cannot have the same name, and none can be empty.",
            hint="choose another name",
        )
    title = Label("edit-rename-answer", {"name": old.name, "new": name})
    return _swap(project, data.with_changed(replace(old, name=name)), title)


def note_answer(project: Project, number: int, note: str) -> Command:
    """Make the command that writes a remark on an answer."""
    data = answers_of(project)
    old = data.get(number)
    title = Label("edit-note-answer", {"name": old.name})
    return _swap(project, data.with_changed(replace(old, note=note)), title)


def show_answers(project: Project, numbers: Iterable[int]) -> Command:
    """Make the command that draws the marks of these answers and of no others."""
    data, wanted = answers_of(project), set(numbers)
    items = tuple(
        item if item.shown == (item.id in wanted) else replace(item, shown=item.id in wanted)
        for item in data.items
    )
    return _swap(project, Answers(items, data.next_id), Label("edit-show-answers"))


def take_offered(item: SavedAnalysis, name: str) -> AddLayer:
    """Make the command that keeps the buildings an answer offers as a layer of its own.

    Raises
    ------
    CityError
        ``answers.nothing_offered``.
    """
    for marks in item.outcome.marks:
        if marks.name == OFFERED and marks.kind == "buildings" and len(marks.data):
            kind = kind_of("buildings")
            return AddLayer(Layer(kind.key, name, marks.data, style=marks.style or kind.style))
    raise CityError(
        "answers.nothing_offered", f"'{item.name}' offers no buildings.",
        hint="ask with wider limits", name=item.name,
    )  # fmt: skip


def remove_answers(project: Project, numbers: Iterable[int]) -> Command:
    """Make the command that forgets answers.

    Raises
    ------
    CityError
        ``answers.no_such_id``.
    """
    data, names = answers_of(project), []
    for number in numbers:
        names.append(data.get(number).name)
        data = data.without(number)
    return _swap(project, data, Label("edit-remove-answer", {"name": ", ".join(names)}))

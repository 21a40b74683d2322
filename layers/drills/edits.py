"""The commands that keep, change and remove plans and exercises; each can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layers.drills.log import Exercise
from layers.drills.plan import Element, Plan
from layers.drills.symbol_travel import codes_in, found_again, taken_in, with_codes
from layers.drills.user_symbols import UserSymbol
from layers.edits import AddLayer, SetData, Together
from layers.errors import CityError
from layers.history import Command, Label
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.drills import Drills
from layers.project import Project

LAYER_NAME = "Drills"


def drills_layer(project: Project) -> Layer | None:
    """Give the layer that keeps the drills; None while there is none."""
    return next(project.of_kind("drills"), None)


def drills_of(project: Project) -> Drills:
    """Give the drills of a project."""
    layer = drills_layer(project)
    return layer.data if layer is not None and isinstance(layer.data, Drills) else Drills()


def add_plan(
    project: Project, plan: Plan, *, layer_name: str = LAYER_NAME,
    symbols: Sequence[UserSymbol] = (),
) -> Command:  # fmt: skip
    """Make the command that keeps a new plan; it gets a number and a name of its own.

    Symbols that came with it are kept, too, unless the project has the same; the plan names them
    by the codes they have there.

    Raises
    ------
    CityError
        ``drill.name``, ``symbol.many``.
    """
    data = drills_of(project)
    if symbols:
        taken = [code for old in (*data.plans, *data.versions) for code in codes_in(old)]
        kept, codes = taken_in(data.symbols, symbols, taken)
        data, plan = replace(data, symbols=kept), with_codes(plan, codes)
    plan = found_again(plan, data.symbols)
    data = data.with_new(_named(plan))
    title = Label("edit-add-plan", {"name": data.plans[-1].name})
    return _swap(project, data, title, layer_name)


def copy_plan(project: Project, number: int, name: str, *, layer_name: str = LAYER_NAME) -> Command:
    """Make the command that copies a plan; the copy remembers where it came from."""
    old = drills_of(project).get(number)
    plan = replace(old, name=name, parent=number, version=1, archived=False)
    return add_plan(project, plan, layer_name=layer_name)


def change_plan(
    project: Project, plan: Plan, *, keep: bool = False, label: Label | None = None
) -> Command:
    """Make the command that changes a plan; `keep` keeps the state before as a version.

    A state that was run in an exercise is always kept, so that planned and actual can be compared.

    Raises
    ------
    CityError
        ``drill.name`` for an empty name or one that another plan has.
    """
    data = drills_of(project)
    plan = _named(plan)
    if any(other.name == plan.name and other.id != plan.id for other in data.plans):
        raise CityError(
            "drill.name",
            "Two plans cannot have the same name, and none can be empty.",
            hint="choose another name",
        )
    version = data.get(plan.id).version
    keep = keep or any(r.plan == plan.id and r.version == version for r in data.exercises)
    title = label or Label("edit-change-plan", {"name": plan.name})
    return _swap(project, data.with_changed(plan, keep=keep), title)


def remove_plan(project: Project, number: int) -> Command:
    """Make the command that removes a plan, its versions and its exercises."""
    data = drills_of(project)
    title = Label("edit-remove-plan", {"name": data.get(number).name})
    return _swap(project, data.without(number), title)


def keep_exercise(project: Project, exercise: Exercise, plan: Plan | None = None) -> Command:
    """Make the command that keeps an exercise, or another state of it.

    Parameters
    ----------
    project : Project
        Which keeps it.
    exercise : Exercise
        What was logged.
    plan : Plan or None
        The plan that was run; where the present one says something else meanwhile, it is kept as
        the version that was run.
    """
    data = drills_of(project)
    present = data.get(exercise.plan)
    if plan is not None and replace(plan, changed=present.changed) != present:
        if plan.version == present.version:
            present = replace(present, version=present.version + 1)
        data = data.with_changed(present).with_version(plan)
    return _swap(
        project, data.with_exercise(exercise), Label("edit-keep-exercise", {"name": exercise.name})
    )


def rename_view(project: Project, old: str, new: str, title: Label) -> Command | None:
    """Make the command that lets the shots of all plans show a view by its new name.

    Returns
    -------
    Command or None
        None where no plan shows the view.
    """
    layer, data = drills_layer(project), drills_of(project)
    plans = tuple(_with_view(plan, old, new) for plan in data.plans)
    versions = tuple(_with_view(plan, old, new) for plan in data.versions)
    if layer is None or (plans, versions) == (data.plans, data.versions):
        return None
    return SetData(layer.id, replace(data, plans=plans, versions=versions), title)


def _with_view(plan: Plan, old: str, new: str) -> Plan:
    def elements(of: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(
            replace(one, text=new) if one.kind == "camera" and one.text == old else one
            for one in of
        )

    steps = tuple(replace(step, elements=elements(step.elements)) for step in plan.steps)
    injects = tuple(replace(one, elements=elements(one.elements)) for one in plan.injects)
    return replace(plan, steps=steps, injects=injects)


def _named(plan: Plan) -> Plan:
    name = plan.name.strip()
    if not name:
        raise CityError(
            "drill.name",
            "Two plans cannot have the same name, and none can be empty.",
            hint="choose another name",
        )
    return plan if name == plan.name else replace(plan, name=name)


def _swap(project: Project, data: Drills, title: Label, layer_name: str = LAYER_NAME) -> Command:
    layer = drills_layer(project)
    if layer is None:
        kind = kind_of("drills")
        return Together((AddLayer(Layer(kind.key, layer_name, data, style=kind.style)),), title)
    return SetData(layer.id, data, title)

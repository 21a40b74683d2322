"""The commands that keep and take away symbols of users; each can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layers.drills.edits import LAYER_NAME, drills_layer, drills_of
from layers.drills.symbol_travel import codes_in, found_again
from layers.drills.user_symbols import UserSymbol, added, find, without
from layers.edits import AddLayer, SetData, Together
from layers.history import Command, Label
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.project import Project


def symbols_in(project: Project) -> tuple[UserSymbol, ...]:
    """Give the symbols that users brought into a project."""
    return drills_of(project).symbols


def add_symbol(project: Project, symbol: UserSymbol, *, layer_name: str = LAYER_NAME) -> Command:
    """Make the command that keeps a symbol; it gets a code that nothing names yet.

    Plans that came without it show it from now on.

    Raises
    ------
    CityError
        ``symbol.name``, ``symbol.many``.
    """
    data = drills_of(project)
    taken = [code for plan in (*data.plans, *data.versions) for code in codes_in(plan)]
    kept = added(data.symbols, symbol, taken)
    label = Label("edit-add-symbol", {"name": kept[-1].name})
    return _swap(project, kept, label, layer_name)


def remove_symbol(project: Project, word: str) -> Command:
    """Make the command that takes a symbol away; plans that name it show a neutral one.

    Raises
    ------
    CityError
        ``symbol.none``.
    """
    symbols = drills_of(project).symbols
    gone = find(symbols, word)
    label = Label("edit-remove-symbol", {"name": gone.name})
    return _swap(project, without(symbols, word), label, LAYER_NAME)


def _swap(
    project: Project, symbols: Sequence[UserSymbol], label: Label, layer_name: str
) -> Command:
    before = drills_of(project)
    data = replace(
        before, symbols=tuple(symbols),
        plans=tuple(found_again(plan, symbols) for plan in before.plans),
        versions=tuple(found_again(plan, symbols) for plan in before.versions),
    )  # fmt: skip
    layer = drills_layer(project)
    if layer is None:
        kind = kind_of("drills")
        return Together((AddLayer(Layer(kind.key, layer_name, data, style=kind.style)),), label)
    return SetData(layer.id, data, label)

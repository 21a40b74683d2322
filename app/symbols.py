"""Emergency symbols in the Python interface: searched, favourites, brought by users, on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings
from app.session import Session
from layers.drills.plan import Element, Plan
from layers.drills.symbol_edits import add_symbol, remove_symbol, symbols_in
from layers.drills.symbol_lines import LineSymbol, area_symbol_of, line_symbol_of
from layers.drills.symbol_shapes import Symbol
from layers.drills.symbols import ALL, search, svg, symbol_of
from layers.drills.unit_looks import unit_symbol
from layers.drills.user_symbols import LETTER, UserSymbol, find
from layers.errors import CityError
from layers.files.raw import Note
from layers.project import Project

if TYPE_CHECKING:
    from PIL.Image import Image

AnySymbol = Symbol | UserSymbol
SHEET_COLUMNS = 12
SHEET_CELL = 72  # pixels of a symbol on a sheet


class Symbols:
    """Emergency symbols of an open project; `app.api.City` has these verbs."""

    session: Session

    def symbols(self, words: str = "") -> list[AnySymbol]:
        """Give the symbols there are, or those that fit some words; own ones come first."""
        return found(words, self.session.project)

    def add_symbol(self, path: Path | str, name: str = "") -> tuple[UserSymbol, tuple[Note, ...]]:
        """Bring a symbol from an SVG file or a model; gives what was left out of it, too.

        Raises
        ------
        CityError
            ``symbol.missing``, ``.format``, ``.too_large``, ``.too_fine``, ``.not_svg``,
            ``.not_drawn``, ``.empty``, ``.name``, ``.many``; those of reading models.
        """
        from app.wording import current
        from layers.files.symbol_import import read_symbol

        read, notes = read_symbol(Path(path), name)
        project = self.session.project
        self.session.run(add_symbol(project, read, layer_name=current().kind("drills")))
        return symbols_in(project)[-1], tuple(notes)

    def remove_symbol(self, word: str) -> None:
        """Take a symbol of one's own away, by code or name.

        Raises
        ------
        CityError
            ``symbol.none``.
        """
        self.session.run(remove_symbol(self.session.project, word))


def found(words: str = "", project: Project | None = None) -> list[AnySymbol]:
    """Give the symbols that fit some words: own ones of a project, then those of the standard."""
    own = symbols_in(project) if project is not None else ()
    return [*search(words, own), *search(words)]


def any_symbol(code: str, project: Project | None = None) -> AnySymbol:
    """Give the point, line, area or own symbol of a code; the usual one where there is none."""
    own = symbols_in(project) if project is not None else ()
    every: list[AnySymbol] = [*ALL, *own]
    return next((one for one in every if one.code == code), symbol_of(code))


def favourites(
    project: Project | None = None, codes: Sequence[str] | None = None
) -> list[AnySymbol]:
    """Give the user's favourites that there are, in their order.

    Parameters
    ----------
    project : Project or None
        Its own symbols count, too.
    codes : sequence of str or None
        The favourites; None takes them from the settings.
    """
    own: Sequence[UserSymbol] = symbols_in(project) if project is not None else ()
    every: list[AnySymbol] = [*ALL, *own]
    by_code = {one.code: one for one in every}
    codes = settings.load().favourite_symbols if codes is None else codes
    return [by_code[code] for code in codes if code in by_code]


def set_favourite(code: str, *, on: bool) -> None:
    """Keep or drop a favourite, by its code.

    Raises
    ------
    CityError
        ``symbol.code`` for one that is no symbol; ``settings.write``.
    """
    if on and code not in {symbol.code for symbol in ALL} and not code.startswith("U"):
        raise CityError(
            "symbol.code",
            f"There is no symbol '{code}'.",
            hint="citystage symbols list tells all codes",
            symbol=code,
        )
    kept = settings.load()
    others = [old for old in kept.favourite_symbols if old != code]
    kept.favourite_symbols = [*others, code] if on else others
    settings.save(kept)


def write_symbols(symbols: Sequence[AnySymbol], folder: Path) -> int:
    """Write symbols as SVG files into a folder, own ones as they came (models as PNG)."""
    folder.mkdir(parents=True, exist_ok=True)
    for symbol in symbols:
        stem = folder / f"{symbol.code}-{symbol.key}"
        if not isinstance(symbol, UserSymbol):
            stem.with_suffix(".svg").write_text(svg(symbol), encoding="utf-8")
        elif symbol.drawing:
            stem.with_suffix(".svg").write_text(symbol.drawing, encoding="utf-8")
        else:
            stem.with_suffix(".png").write_bytes(symbol.picture.tobytes())
    return len(symbols)


def own_symbol(project: Project, word: str) -> UserSymbol:
    """Give a symbol of a project's own by code or name.

    Raises
    ------
    CityError
        ``symbol.none``.
    """
    return find(symbols_in(project), word)


def symbols_of_plan(plan: Plan, project: Project) -> list[AnySymbol]:
    """Give the symbols that a plan shows, of units, points, lines and zones, in their order.

    Parameters
    ----------
    plan : Plan
        Whose.
    project : Project
        Its own symbols count, too.
    """
    own = {one.code: one for one in symbols_in(project)}
    out: dict[str, AnySymbol] = {}
    for unit in plan.units:
        symbol: AnySymbol = own.get(unit.symbol) or unit_symbol(unit)
        out.setdefault(symbol.code, symbol)
    shown = [*(step.elements for step in plan.steps), *(one.elements for one in plan.injects)]
    for element in (element for elements in shown for element in elements):
        found_here = _symbol_of_element(element, tuple(own.values()))
        if found_here is not None and found_here.code:
            out.setdefault(found_here.code, found_here)
    return sorted(out.values(), key=lambda one: (one.letter == LETTER, one.code))


def _symbol_of_element(element: Element, own: Sequence[UserSymbol]) -> AnySymbol | None:
    """Give what is drawn of an element, None for messages and cameras."""
    if element.kind == "symbol":
        return symbol_of(element.symbol, "A", own)
    if element.kind == "zone":
        return area_symbol_of(element.symbol)
    if element.kind in ("route", "line"):
        return line_symbol_of(element.symbol, element.kind)
    return None


def sheet(
    symbols: Sequence[AnySymbol], *, chinese: bool, dark: bool = False,
    columns: int = SHEET_COLUMNS,
) -> Image:  # fmt: skip
    """Draw symbols side by side with code and name, RGB.

    Parameters
    ----------
    symbols : sequence of Symbol or UserSymbol
        Which.
    chinese : bool
        Language of the names and labels.
    dark : bool
        Whether the ground is dark.
    columns : int
        Symbols side by side at most.
    """
    from PIL import Image, ImageDraw

    from scene import fonts
    from scene.symbol_pictures import picture

    ground, ink = ("#20262e", "#f2f4f7") if dark else ("#f4f5f7", "#20262e")
    columns = min(columns, max(len(symbols), 1))
    wide, high = SHEET_CELL + 56, SHEET_CELL + 50
    rows = -(-max(len(symbols), 1) // columns)
    image = Image.new("RGB", (columns * wide + 16, rows * high + 16), ground)
    draw = ImageDraw.Draw(image)
    plain, small = fonts.font(13), fonts.font(11)
    for at, symbol in enumerate(symbols):
        left, top = 8 + at % columns * wide, 12 + at // columns * high
        line = isinstance(symbol, LineSymbol | UserSymbol)
        label = symbol.label if isinstance(symbol, Symbol) and chinese and not line else ""
        drawn = picture(symbol, label, SHEET_CELL)
        image.paste(drawn, (left + (wide - SHEET_CELL) // 2, top), drawn)
        middle = left + wide / 2
        name = symbol.names[1] if chinese else symbol.names[0]
        while draw.textlength(name, plain) > wide - 6 and len(name) > 2:
            name = name[:-2] + "…"
        draw.text((middle, top + SHEET_CELL + 11), name, fill=ink, font=plain, anchor="mm")
        draw.text((middle, top + SHEET_CELL + 27), symbol.code, fill=ink, font=small, anchor="mm")
    return image

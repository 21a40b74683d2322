"""The palette of symbols: searched, favourites, brought by users, placed by a click or a drag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.qt.drawing import What, ask_in_picture
from app.qt.drilling import Drilling
from app.qt.symbol_icons import AnySymbol, symbol_icon, symbol_name
from app.symbols import favourites, found
from layers.drills.plan import Coords, Element
from layers.drills.symbol_edits import add_symbol, remove_symbol, symbols_in
from layers.drills.symbols import CLASSES
from layers.drills.user_symbols import LETTER
from layers.errors import CityError
from layers.files.symbol_import import read_symbol
from layers.history import Label

CODE = Qt.ItemDataRole.UserRole
MIME = "application/x-citystage-symbol"
LIKED = "favourites"
DRAWN: dict[str, tuple[str, What]] = {"E": ("line", "line"), "F": ("zone", "area")}
ICON, CELL = 40, QSize(90, 84)


class SymbolList(QListWidget):
    """Symbols side by side; one can be dragged into the picture."""

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:  # noqa: N802 - Qt's name
        """Pack the code of the symbol that is dragged."""
        data = QMimeData()
        if items:
            data.setData(MIME, QByteArray(str(items[0].data(CODE)).encode()))
        return data


class SymbolPage(QWidget):
    """Symbols to choose from; they become elements of the chosen step.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand and the chosen step.
    new_step : callable
        Makes a step where none is chosen.
    """

    def __init__(self, drilling: Drilling, new_step: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("drills-symbols")
        self._drilling, self._desk, self._new_step = drilling, drilling.desk, new_step
        self._window: QWidget | None = None
        texts = self._desk.texts
        self._words = QLineEdit()
        self._words.setObjectName("symbols-words")
        self._words.setClearButtonEnabled(True)
        texts.bind(self._words, "setPlaceholderText", "symbols-words")
        self._class = QComboBox()
        self._class.setObjectName("symbols-class")
        texts.bind(self._class, "setAccessibleName", "symbols-class")
        self._list = SymbolList()
        self._list.setObjectName("symbols-list")
        self._list.setViewMode(QListWidget.ViewMode.IconMode)
        self._list.setIconSize(QSize(ICON, ICON))
        self._list.setGridSize(CELL)
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.setMovement(QListWidget.Movement.Static)
        self._list.setWordWrap(True)
        self._list.setDragEnabled(True)
        self._list.setUniformItemSizes(True)
        texts.bind(self._list, "setAccessibleName", "drills-tab-symbols")
        texts.bind(self._list, "setToolTip", "symbols-hint")
        self._told = QLabel()
        self._told.setObjectName("symbols-told")
        self._told.setWordWrap(True)
        self._place, self._like = (
            self._button(key, does) for key, does in (("place", self.place), ("like", self.like))
        )  # fmt: skip
        self._bring, self._drop = (
            self._button(key, does, small=True)
            for key, does in (("bring", self.bring), ("drop", self.drop))
        )
        self._lay_out()
        self._words.textChanged.connect(lambda _text: self._fill())
        self._words.returnPressed.connect(self._take_first)
        self._class.activated.connect(lambda _at: self._fill())
        self._list.currentItemChanged.connect(lambda _new, _old: self._tell())
        self._list.itemActivated.connect(lambda _item: self.place())
        self._desk.project_edited.connect(self._follow)
        self._desk.project_changed.connect(self._fill)
        texts.follow(self._retell)

    def _button(self, key: str, does: Callable[[], object], *, small: bool = False) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"symbols-{key}")
        text = "setAccessibleName" if small else "setText"
        self._desk.texts.bind(button, text, f"symbols-{key}")
        self._desk.texts.bind(button, "setToolTip", f"symbols-{key}.tip")
        button.clicked.connect(lambda _on=False: does())
        return button

    def _lay_out(self) -> None:
        box, top, below = QVBoxLayout(self), QHBoxLayout(), QGridLayout()
        box.setContentsMargins(6, 6, 6, 6)
        box.setSpacing(4)
        top.addWidget(self._words, 3)
        top.addWidget(self._class, 2)
        for button, picture in ((self._bring, "add"), (self._drop, "remove")):
            button.setFixedWidth(32)
            self._desk.theme.set_icon(button, picture)
            top.addWidget(button)
        for at, button in enumerate((self._place, self._like)):
            below.addWidget(button, 0, at)
        self._list.setMinimumHeight(CELL.height() + 6)
        box.addLayout(top)
        box.addWidget(self._list, 1)
        box.addWidget(self._told)
        box.addLayout(below)

    # Showing ---------------------------------------------------------------------------------

    def _retell(self) -> None:
        t, chosen = self._desk.texts.t, self._class.currentData()
        self._class.clear()
        self._class.addItem(t("symbols-all"), "")
        self._class.addItem(t("symbols-liked"), LIKED)
        for letter in (*CLASSES, LETTER):
            self._class.addItem(t(f"symbols-class-{letter.lower()}"), letter)
        self._class.setCurrentIndex(max(self._class.findData(chosen), 0))
        self._fill()

    def _follow(self) -> None:
        own = [one.code for one in symbols_in(self._desk.project)]
        if own != [code for code in self._codes() if code.startswith(LETTER)]:
            self._fill()

    def _codes(self) -> list[str]:
        return [str(self._list.item(at).data(CODE)) for at in range(self._list.count())]

    def _fill(self) -> None:
        before, letter = self.chosen, self._class.currentData() or ""
        shown: list[AnySymbol] = found(self._words.text(), self._desk.project)
        if letter == LIKED:
            liked = [one.code for one in self._favourites()]
            shown = [one for one in shown if one.code in liked]
        elif letter:
            shown = [one for one in shown if one.letter == letter]
        self._list.clear()
        for symbol in shown:
            name = symbol_name(symbol, self._desk.texts.locale)
            item = QListWidgetItem(symbol_icon(symbol), name)
            item.setData(CODE, symbol.code)
            item.setToolTip(f"{name}  {symbol.code}")
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            item.setSizeHint(CELL)
            self._list.addItem(item)
            if symbol.code == before:
                self._list.setCurrentItem(item)
        self._tell()

    @property
    def chosen(self) -> str:
        """Code of the chosen symbol, "" for none."""
        item = self._list.currentItem()
        return "" if item is None else str(item.data(CODE))

    def _tell(self) -> None:
        code, t = self.chosen, self._desk.texts.t
        for button in (self._place, self._like):
            button.setEnabled(bool(code))
        self._drop.setEnabled(code.startswith(LETTER))
        liked = code in {one.code for one in self._favourites()}
        self._like.setText(t("symbols-unlike" if liked else "symbols-like"))
        symbol = next((one for one in found("", self._desk.project) if one.code == code), None)
        if symbol is None:
            words = self._words.text().strip()
            none = not self._list.count()
            self._told.setText(t("symbols-nothing", words=words) if none else "")
            self._told.setVisible(none)
            return
        name = symbol_name(symbol, self._desk.texts.locale)
        told = " · ".join(part for part in (name, code, symbol.pinyin or symbol.initials) if part)
        self._told.setText(told)
        self._told.setVisible(True)

    def _take_first(self) -> None:
        if self._list.count():
            self._list.setCurrentRow(0)
            self.place()

    # Placing ---------------------------------------------------------------------------------

    def place(self) -> None:
        """Let the chosen symbol be placed in the picture: a click, a line or an area."""
        if self.chosen:
            self._ask(self.chosen)

    def _ask(self, code: str) -> None:
        kind, what = DRAWN.get(code[0], ("symbol", "spot"))
        ask_in_picture(self._desk, what, lambda made: self._placed(code, kind, made))

    def _placed(self, code: str, kind: str, made: Any) -> None:
        points = [made.point] if kind == "symbol" else made
        coords = tuple((round(float(p[0]), 3), round(float(p[1]), 3)) for p in points)
        self.put(code, kind, coords)

    def put(self, code: str, kind: str, coords: Coords) -> None:
        """Add an element to the chosen step; a new one is made where none is chosen."""
        drilling = self._drilling
        if drilling.plan is None or not drilling.step:
            self._new_step()
        plan = drilling.plan
        if plan is None or not drilling.step:
            return
        step = plan.step(drilling.step)
        symbol = next(one for one in found("", self._desk.project) if one.code == code)
        text = symbol_name(symbol, self._desk.texts.locale)
        element = Element(kind, coords, code, text, stays=True)
        made = replace(step, elements=(*step.elements, element))
        label = Label("edit-change-step", {"name": step.title})
        if drilling.keep(plan.with_step(made), label):
            begins = 0.0 if drilling.played is None else drilling.played.table.begins[step.id]
            drilling.seek(max(drilling.second, begins))  # it is to be seen

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take symbols that are dragged into the picture, from now on."""
        super().showEvent(event)
        if self._window is None:
            self._window = self._desk.viewport.window()
            self._window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Hear of symbols dragged over the window."""
        if isinstance(event, QDropEvent) and event.mimeData().hasFormat(MIME):
            at = event.position().toPoint()
            if event.type() == QEvent.Type.Drop:
                code = bytes(event.mimeData().data(MIME).data()).decode()
                if self._dropped(code, at):
                    event.acceptProposedAction()
            else:
                event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)

    def _dropped(self, code: str, at: QPoint) -> bool:
        """Place a symbol where it was dropped; lines and areas are drawn from then on."""
        window = self._window
        assert window is not None
        for pane in self._desk.viewport.panes:
            here = pane.mapFrom(window, at)
            if not (pane.ready and pane.isVisible() and pane.rect().contains(here)):
                continue
            ratio = pane.devicePixelRatioF()
            hit = pane.stage.pick(here.x() * ratio, here.y() * ratio)
            if code[:1] in DRAWN:
                self._ask(code)
            elif hit is not None:
                self._placed(code, "symbol", hit)
            else:
                self._desk.tell("warning", "symbols-no-ground")
            return True
        return False

    # Favourites and own symbols --------------------------------------------------------------

    def _favourites(self) -> list[AnySymbol]:
        return favourites(self._desk.project, self._desk.settings.favourite_symbols)

    def like(self) -> None:
        """Make the chosen symbol a favourite, or no favourite."""
        code = self.chosen
        liked = code in {one.code for one in self._favourites()}
        kept = self._desk.settings.favourite_symbols
        others = [old for old in kept if old != code]
        self._desk.settings.favourite_symbols = others if liked else [*others, code]
        self._desk.keep_settings()
        self._fill()

    def bring(self, path: str = "") -> None:
        """Bring a symbol from a file."""
        t = self._desk.texts.t
        if not path:
            path, _ = QFileDialog.getOpenFileName(
                self, t("symbols-bring"), self._desk.settings.last_folder, t("symbols-files")
            )
        if not path:
            return
        project = self._desk.project
        try:
            read, notes = read_symbol(Path(path))
            title = self._desk.texts.wording.kind("drills")
            command = add_symbol(project, read, layer_name=title)
        except CityError as error:
            self._desk.tell_error(error)
            return
        if self._desk.run(command):
            self._words.clear()
            self._class.setCurrentIndex(0)
            self._fill()
            self._choose(symbols_in(project)[-1].code)
            for note in notes:
                self._desk.tell_text("info", self._desk.texts.wording.note(note))

    def _choose(self, code: str) -> None:
        if code in self._codes():
            self._list.setCurrentRow(self._codes().index(code))

    def drop(self) -> None:
        """Take the chosen symbol of one's own away."""
        if self.chosen.startswith(LETTER):
            self._desk.run(remove_symbol(self._desk.project, self.chosen))

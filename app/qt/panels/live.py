"""The panel of live positions: a file or a topic that is followed while the user wants it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.live import Following, age, facts, marks, note_words
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from layers.drills.live import STALE, Board, Seen
from layers.drills.live_sources import FollowedFile, Source, source_of
from layers.drills.resource_edits import take_over
from layers.errors import CityError

EVERY = 500  # milliseconds between two looks
AGAIN = 20  # looks after which a broker that hung up is called again
BIG = 36  # points of buttons that are pressed in a hurry
COLUMNS = ("name", "sort", "state", "age")
PLACE = Qt.ItemDataRole.UserRole
AROUND = 120.0  # metres shown around one that is clicked


class LivePanel(QWidget):
    """Follows positions and shows them in every picture; old ones are grey, with their age.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("live-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._following: Following | None = None
        self._calling = False
        self._quiet = 0
        self._told: set[str] = set()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        desk.project_changed.connect(self.stop)
        desk.texts.follow(self._retell)

    def _lay_out(self) -> None:
        desk, texts = self._desk, self._desk.texts
        self._form = QFormLayout()
        self._from = QComboBox()
        self._from.setObjectName("live-source")
        for what in ("file", "mqtt"):
            self._from.addItem(what, what)
        self._lines: dict[str, QLineEdit] = {}
        for name in ("file", "broker", "topic", "user"):
            line = self._lines[name] = QLineEdit()
            line.setObjectName(f"live-{name}")
        self._browse = QPushButton()
        self._browse.setObjectName("live-browse")
        texts.bind(self._browse, "setText", "live-browse")
        self._file_row = QWidget()
        row = QHBoxLayout(self._file_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._lines["file"], 1)
        row.addWidget(self._browse)
        self._old = QSpinBox()
        self._old.setObjectName("live-old-after")
        self._old.setRange(1, 86_400)
        self._old.setValue(round(STALE))
        self._old.setSuffix(" s")
        self._form.addRow(caption(desk, "live-source", self._from), self._from)
        self._form.addRow(caption(desk, "live-file", self._lines["file"]), self._file_row)
        for name in ("broker", "topic", "user"):
            line = self._lines[name]
            texts.bind(line, "setToolTip", f"live-{name}.tip")
            self._form.addRow(caption(desk, f"live-{name}", line), line)
        self._form.addRow(caption(desk, "live-old-after", self._old), self._old)
        self._lay_out_below()

    def _lay_out_below(self) -> None:
        texts = self._desk.texts
        self._start = QPushButton()
        self._start.setObjectName("live-start")
        self._start.setMinimumHeight(BIG)
        self._take = QPushButton()
        self._take.setObjectName("live-take-over")
        texts.bind(self._take, "setText", "live-take-over")
        texts.bind(self._take, "setToolTip", "live-take-over.tip")
        self._status = QLabel()
        self._status.setObjectName("live-status")
        self._status.setWordWrap(True)
        self._table = self._make_table()
        self._notes = QListWidget()
        self._notes.setObjectName("live-notes")
        self._notes.setWordWrap(True)
        self._notes.setMaximumHeight(90)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.addLayout(self._form)
        for part in (self._start, self._status):
            box.addWidget(part)
        box.addWidget(self._table, 1)
        box.addWidget(self._notes)
        box.addWidget(self._take)
        self._from.currentIndexChanged.connect(self._show_fields)
        self._browse.clicked.connect(lambda _on=False: self._ask_file())
        self._start.clicked.connect(lambda _on=False: self.toggle())
        self._take.clicked.connect(lambda _on=False: self.take_over())
        self._old.valueChanged.connect(self._age_changed)
        self._table.cellClicked.connect(self._go_to)
        self._show_fields()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(COLUMNS))
        table.setObjectName("live-table")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    # Doing -----------------------------------------------------------------------------------

    @property
    def following(self) -> Following | None:
        """What is followed."""
        return self._following

    def toggle(self) -> None:
        """Start or stop."""
        if self._following is None and not self._calling:
            self.start()
        else:
            self.stop()

    def start(self, source: Source | None = None) -> None:
        """Follow what the fields name, or a source that is given."""
        lines = {name: line.text().strip() for name, line in self._lines.items()}
        try:
            if source is None and self._from.currentData() == "mqtt":
                source = source_of(lines["broker"], topic=lines["topic"] or "#", user=lines["user"])
            elif source is None:
                source = source_of(lines["file"])
        except CityError as error:
            self._desk.tell_error(error)
            return
        following = Following(source, Board(float(self._old.value())))
        self._told = set()
        self._call(following)

    def stop(self) -> None:
        """Follow nothing any more; the marks go."""
        following, self._following, self._calling = self._following, None, False
        self._timer.stop()
        if following is not None:
            following.source.end()
            self._desk.tell_text("info", self._desk.texts.t("live-stopped"), quiet=True)
            self._show_marks(())
        self._show()

    def look(self) -> None:
        """Take what is new and show it; a broker that hung up is called again after a while."""
        following = self._following
        if following is None or self._calling:
            return
        following.look(self._desk.project)
        if following.problem is not None and not isinstance(following.source, FollowedFile):
            self._quiet += 1
            if self._quiet >= AGAIN:
                self._quiet = 0
                self._call(following)
                return
        self._tell_once(following)
        self._show()
        self._show_marks(following.seen())

    def take_over(self) -> None:
        """Put resources where they were seen, as one step."""
        following = self._following
        if following is None:
            return
        command, count = take_over(self._desk.project, following.seen())
        if command is None or self._desk.run(command):
            self._desk.tell(
                "info" if command is None else "success", "live-taken-over", count=count
            )

    def _call(self, following: Following) -> None:
        """Begin the source beside the window; a broker may take its time."""
        self._calling = True
        again = self._following is following
        self._following = following

        def work(_progress: object) -> None:
            following.source.begin()

        def done(_made: object) -> None:
            if self._following is not following:  # stopped meanwhile
                following.source.end()
                return
            self._calling = False
            following.problem = None
            key = "live-again" if again else "live-started"
            self._desk.tell("success", key, name=following.source.name)
            self._timer.start()
            self.look()

        def failed(error: Exception) -> None:
            if self._following is not following:
                return
            self._calling = False
            if again and isinstance(error, CityError):
                following.problem = error  # and is called again later
                self._show()
                return
            self._following = None
            self._desk.tell_error(error)
            self._show()

        title = self._desk.texts.t("live-calling", name=following.source.name)
        self._desk.start(title, work, done, failed)
        self._show()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self.window(), self._desk.texts.t("live-browse"))
        dialog.setNameFilter(self._desk.texts.t("live-files"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: self._lines["file"].setText(str(Path(text))))
        dialog.open()

    def _age_changed(self, seconds: int) -> None:
        if self._following is not None:
            self._following.board.stale_after = float(seconds)
            self.look()

    def _go_to(self, row: int, _column: int) -> None:
        item = self._table.item(row, 0)
        if item is not None:
            east, north = item.data(PLACE)
            self._desk.viewport.fit((east - AROUND, north - AROUND, east + AROUND, north + AROUND))

    def _tell_once(self, following: Following) -> None:
        """Tell each sort of fault once; the list in the panel counts on."""
        for note in following.notes:
            if note.key not in self._told:
                self._told.add(note.key)
                self._desk.tell_text("warning", self._desk.texts.wording.note(note), quiet=True)

    # Showing ---------------------------------------------------------------------------------

    def _show_marks(self, seen: tuple[Seen, ...]) -> None:
        shown = marks(self._desk.project, seen, self._desk.texts.wording)
        for pane in self._desk.viewport.panes:
            if pane.ready:
                pane.stage.live.show(shown)

    def _show_fields(self) -> None:
        mqtt = self._from.currentData() == "mqtt"
        self._form.setRowVisible(self._file_row, not mqtt)
        for name in ("broker", "topic", "user"):
            self._form.setRowVisible(self._lines[name], mqtt)

    def _show(self) -> None:
        following, t = self._following, self._desk.texts.t
        on = following is not None
        self._start.setText(t("live-stop" if on or self._calling else "live-start"))
        for part in (self._from, self._browse, *self._lines.values()):
            part.setEnabled(not on)
        seen = following.seen() if following is not None else ()
        self._take.setEnabled(bool(seen))
        self._status.setText(self._status_words(following, seen))
        self._fill_table(seen)
        told = note_words(following.notes, self._desk.texts.wording) if following else []
        self._notes.clear()
        self._notes.addItems(told)
        self._notes.setVisible(bool(told))

    def _status_words(self, following: Following | None, seen: tuple[Seen, ...]) -> str:
        t, wording = self._desk.texts.t, self._desk.texts.wording
        if following is None:
            return t("live-off")
        name = following.source.name
        if self._calling:
            return t("live-calling", name=name)
        if following.problem is not None:
            return " ".join(self._desk.texts.error(following.problem))
        if not seen:
            return t("live-waiting", name=name)
        return t(
            "live-on", name=name, count=len(seen), stale=sum(one.stale for one in seen),
            age=age(min(one.age_s for one in seen), wording),
        )  # fmt: skip

    def _fill_table(self, seen: tuple[Seen, ...]) -> None:
        texts, table = self._desk.texts, self._table
        rows = facts(self._desk.project, seen) if seen else []
        table.setRowCount(len(rows))
        grey = self.palette().placeholderText()
        for at, row in enumerate(rows):
            words = (
                row["name"], texts.t(f"sort-{row['sort']}"),
                texts.t(f"resource-state-{row['state']}"), age(row["age_s"], texts.wording),
            )  # fmt: skip
            for column, text in enumerate(words):
                item = QTableWidgetItem(text)
                item.setData(PLACE, (row["east"], row["north"]))
                if row["stale"]:
                    item.setForeground(grey)
                table.setItem(at, column, item)

    def _retell(self) -> None:
        t = self._desk.texts.t
        for at, what in enumerate(("file", "mqtt")):
            self._from.setItemText(at, t(f"live-source-{what}"))
        self._table.setHorizontalHeaderLabels([t(f"live-column-{name}") for name in COLUMNS])
        self._show()

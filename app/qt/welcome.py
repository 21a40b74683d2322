"""What stands in place of the picture while no project is open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.theme import pixmap
from app.qt.widgets.work_line import WorkLine

BUTTONS = ("open-sample", "new", "open", "import")
PATH = Qt.ItemDataRole.UserRole
RECENT = (200, 360)  # width of the recent files, pixels; panels beside the page keep theirs


class Welcome(QWidget):
    """Offers the sample city, a new project, opening, importing, and the recent files.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    open_recent : callable
        Opens a file of the recent ones.
    """

    def __init__(self, desk: Desk, open_recent: Callable[[Path], object]) -> None:
        super().__init__()
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._open_recent = desk, open_recent
        card = QFrame()
        card.setObjectName("welcome-card")
        card.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        columns = QHBoxLayout()
        columns.setSpacing(34)
        columns.addLayout(self._make_buttons())
        columns.addLayout(self._make_recent())
        box = QVBoxLayout(card)
        box.setContentsMargins(40, 34, 40, 36)
        box.setSpacing(26)
        box.addLayout(self._make_head())
        box.addLayout(columns)
        box.addWidget(WorkLine(desk, "welcome-job", 0))
        around = QVBoxLayout(self)
        around.setContentsMargins(12, 12, 12, 12)
        around.addStretch(2)
        around.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        around.addStretch(3)
        self._drop = QLabel()
        self._drop.setObjectName("welcome-drop")
        self._drop.setProperty("role", "dim")
        self._drop.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        desk.texts.bind(self._drop, "setText", "welcome-drop")
        around.addWidget(self._drop)
        desk.settings_changed.connect(self._fill)
        desk.theme.changed.connect(self.update)
        self._fill()

    def _make_head(self) -> QHBoxLayout:
        sign = QLabel()
        sign.setObjectName("welcome-sign")
        sign.setPixmap(pixmap("citystage", "#000000", QSize(64, 64), 2.0))
        title = QLabel("Citystage")
        title.setObjectName("welcome-title")
        title.setProperty("role", "title")
        lead = QLabel()
        lead.setObjectName("welcome-lead")
        lead.setProperty("role", "dim")
        self._desk.texts.bind(lead, "setText", "welcome-lead")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(lead)
        head = QHBoxLayout()
        head.setSpacing(18)
        head.addWidget(sign)
        head.addLayout(words, 1)
        return head

    def _make_buttons(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(10)
        for key in BUTTONS:
            button = BigButton()
            button.setObjectName(f"welcome-{key}")
            button.setProperty("role", "big")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(26, 26))
            button.setMinimumWidth(230)
            button.setMaximumWidth(310)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._desk.theme.set_icon(button, self._icon_of(key), "accent")
            self._desk.texts.bind(button, "set_words", f"welcome-{key}")
            button.clicked.connect(self._desk.actions[key].trigger)
            box.addWidget(button)
        box.addStretch(1)
        return box

    def _icon_of(self, key: str) -> str:
        return "sample" if key == "open-sample" else key

    def _make_recent(self) -> QVBoxLayout:
        heading = QLabel()
        heading.setObjectName("welcome-recent-heading")
        heading.setProperty("role", "heading")
        self._desk.texts.bind(heading, "setText", "welcome-recent")
        self._recent = QListWidget()
        self._recent.setObjectName("welcome-recent")
        self._recent.setFixedHeight(230)
        self._recent.setMinimumWidth(RECENT[0])
        self._recent.setMaximumWidth(RECENT[1])
        self._recent.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._recent.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._desk.texts.bind(self._recent, "setAccessibleName", "welcome-recent")
        self._recent.itemActivated.connect(self._open)
        self._recent.itemClicked.connect(self._open)
        self._none = QLabel()
        self._none.setObjectName("welcome-no-recent")
        self._none.setProperty("role", "dim")
        self._none.setMinimumWidth(RECENT[0])
        self._none.setMaximumWidth(RECENT[1])
        self._none.setWordWrap(True)
        self._desk.texts.bind(self._none, "setText", "welcome-no-recent")
        box = QVBoxLayout()
        box.setSpacing(8)
        box.addWidget(heading)
        box.addWidget(self._none)
        box.addWidget(self._recent)
        box.addStretch(1)
        return box

    def _fill(self) -> None:
        self._recent.clear()
        for text in self._desk.settings.recent_files[:8]:
            path = Path(text)
            if not path.is_file():
                continue
            item = QListWidgetItem(f"{path.stem}\n{_short(path.parent)}")
            item.setIcon(self._desk.theme.icon("recent", "dim"))
            item.setToolTip(text)
            item.setData(PATH, text)
            self._recent.addItem(item)
        self._recent.setVisible(self._recent.count() > 0)
        self._none.setVisible(self._recent.count() == 0)

    def _open(self, item: QListWidgetItem) -> None:
        self._open_recent(Path(str(item.data(PATH))))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the skyline at the foot of the page."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width = max(self.width(), 1)
        height = round(width * 240 / 1600)
        ratio = self.devicePixelRatioF()
        colour = self._desk.theme.colours.border
        picture = pixmap("skyline", colour, QSize(width, height), ratio)
        painter.setOpacity(0.65)
        painter.drawPixmap(0, self.height() - height, picture)
        painter.end()


class BigButton(QToolButton):
    """A wide button with some air between icon and words."""

    def set_words(self, words: str) -> None:
        """Write the words."""
        self.setText(f"  {words}")


def _short(folder: Path) -> str:
    """Write a folder with ~ for the home folder."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)

"""What the pages of the pipes panel share: a form beside a result, turned by the room there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.pipe_quality import pipe_layers
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.errors import CityError
from layers.kinds.base import Layer

FORM_WIDTH = 250  # points of the form beside the result
Choice = tuple[str, str]  # data and key of the text


class PipesPage(QSplitter):
    """A form and, beside or below it, a result.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    key : str
        Of the page; object names and texts of rows begin with ``pipes-KEY``.

    Attributes
    ----------
    form : QFormLayout
        Rows of the form.
    result : QVBoxLayout
        What stands beside.
    """

    language_changed = Signal()

    def __init__(self, desk: Desk, key: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName(f"pipes-page-{key}")
        self.desk, self.key = desk, key
        self._choices: list[tuple[QComboBox, tuple[Choice, ...]]] = []
        left = QWidget()
        self.form = QFormLayout(left)
        self.form.setContentsMargins(10, 8, 10, 8)
        self.form.setHorizontalSpacing(10)
        self.form.setVerticalSpacing(6)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        scroll = QScrollArea()
        scroll.setObjectName(f"pipes-{key}-form")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(left)
        right = QWidget()
        self.result = QVBoxLayout(right)
        self.result.setContentsMargins(4, 6, 8, 6)
        self.result.setSpacing(4)
        self.addWidget(scroll)
        self.addWidget(right)
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.setCollapsible(1, False)  # the form may be put away
        self.setSizes([FORM_WIDTH, 700])
        self._wheel = QuietWheel(self)
        desk.texts.changed.connect(self._retell)

    def row(self, name: str, field: QWidget | QHBoxLayout, buddy: QWidget | None = None) -> None:
        """Put a field under its caption ``pipes-KEY-NAME``."""
        target = field if isinstance(field, QWidget) else buddy
        self.form.addRow(caption(self.desk, f"pipes-{self.key}-{name}", target), field)
        if target is not None:
            self._wheel.watch(self)

    def choice(self, name: str, choices: Sequence[Choice]) -> QComboBox:
        """Make a choice; its data are the first of each pair, its texts have the second as key."""
        box = QComboBox()
        box.setObjectName(f"pipes-{self.key}-{name}")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)
        for data, key in choices:
            box.addItem(self.desk.texts.t(key), data)
        self._choices.append((box, tuple(choices)))
        return box

    def button(
        self, name: str, does: Callable[[], object], *, primary: bool = False
    ) -> QPushButton:
        """Make a button called ``pipes-KEY-NAME``."""
        made = QPushButton()
        made.setObjectName(f"pipes-{self.key}-{name}")
        made.setDefault(primary)
        self.desk.texts.bind(made, "setText", f"pipes-{self.key}-{name}")
        made.clicked.connect(lambda _checked=False: does())
        return made

    def dim(self, name: str) -> QLabel:
        """Make a label for remarks."""
        made = QLabel()
        made.setObjectName(f"pipes-{self.key}-{name}")
        made.setProperty("role", "dim")
        made.setWordWrap(True)
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return made

    def layers(self) -> list[Layer]:
        """Give the layers of pipes, none where there are none."""
        try:
            return pipe_layers(self.desk.project)
        except CityError:
            return []

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Put the result below the form where the panel is higher than wide."""
        super().resizeEvent(event)
        high = event.size().height() > event.size().width()
        way = Qt.Orientation.Vertical if high else Qt.Orientation.Horizontal
        if way != self.orientation():
            self.setOrientation(way)
            self.setSizes([200, 300] if high else [FORM_WIDTH, 700])

    def _retell(self) -> None:
        for box, choices in self._choices:
            for at, (_data, key) in enumerate(choices):
                box.setItemText(at, self.desk.texts.t(key))
        self.language_changed.emit()

"""What lies over the picture without being part of the scene: furniture, and a selection's box."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.pictures import words_of
from app.qt.desk import Desk
from layers.errors import CityError
from scene.furniture import Furniture, Words, draw_furniture
from scene.looks import look_of
from scene.picture_facts import facts_of
from scene.stage import Stage
from scene.symbol_legends import symbol_legends
from scene.texts import Bytes


class Overlay(QWidget):
    """Lets every event through to the picture below.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The picture.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._desk = desk
        self._box: QRectF | None = None
        self._furniture: QImage | None = None
        self._pixels: Bytes | None = None  # what the image shows; Qt does not keep it
        self._words: Words | None = None
        desk.texts.changed.connect(self._forget_words)

    @property
    def box(self) -> QRectF | None:
        """The box that is drawn, in points."""
        return self._box

    @property
    def furnished(self) -> bool:
        """Whether furniture is drawn."""
        return self._furniture is not None

    def show_box(self, box: QRectF | None) -> None:
        """Draw a box, or none."""
        self._box = box
        self.update()

    def furnish(self, stage: Stage, *, furniture: bool, legend: bool) -> None:
        """Draw scale bar, date and place, and the legend, for the picture of a stage."""
        words = self._words = self._words or words_of(self._desk.texts.wording)
        wanted = Furniture(
            legend=legend, north=False, scale_bar=furniture, date=furniture,
            coordinates=furniture, words=words,
        )  # fmt: skip
        facts = facts_of(
            stage.project, stage.viewpoint, stage.size, stage.moment, stage.shown, stage.ground,
            words, look_of(stage.look),
        )  # fmt: skip
        signs = symbol_legends(stage.views.values(), words)
        facts = replace(facts, legends=(*signs, *facts.legends))
        try:
            pixels = draw_furniture(stage.size, wanted, facts)
        except CityError as error:  # a font that is missing: told once, the picture stays bare
            self.clear()
            self._desk.tell_error(error)
            return
        height, width = pixels.shape[:2]
        self._pixels = pixels
        self._furniture = QImage(pixels.data, width, height, QImage.Format.Format_RGBA8888)
        self._furniture.setDevicePixelRatio(self.devicePixelRatioF())
        self.update()

    def clear(self) -> None:
        """Draw no furniture."""
        self._furniture = self._pixels = None
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw."""
        painter = QPainter(self)
        if self._furniture is not None:
            painter.drawImage(0, 0, self._furniture)
        if self._box is not None:
            colour = QColor(self._desk.theme.colours.accent)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
            colour.setAlpha(40)
            painter.setBrush(colour)
            painter.drawRect(self._box)
        painter.end()

    def _forget_words(self) -> None:
        self._words = None

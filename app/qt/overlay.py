"""What lies over the picture and is no part of the scene: furniture, captions, a selection box."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.pictures import words_of
from app.qt.desk import Desk
from layers.errors import CityError
from layers.shapes import Bools
from scene.captions import Captions, caption_picture
from scene.drill_legends import drill_legends
from scene.furniture import Furniture, Words, draw_furniture
from scene.looks import look_of
from scene.picture_facts import facts_of
from scene.stage import Stage
from scene.texts import Bytes

APART = 8  # empty pixels between two things that are painted by themselves
Placed = tuple[QImage, QPointF]


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
        self._furniture: list[Placed] = []
        self._words: Words | None = None
        self._captions: Captions | None = None
        self._told: list[Placed] = []
        self._barred = False  # whether a scale bar is drawn
        self._corner = (0.0, 0.0)
        desk.texts.changed.connect(self._forget_words)

    @property
    def box(self) -> QRectF | None:
        """The box that is drawn, in points."""
        return self._box

    @property
    def furnished(self) -> bool:
        """Whether furniture is drawn."""
        return bool(self._furniture)

    def show_box(self, box: QRectF | None) -> None:
        """Draw a box, or none."""
        self._box = box
        self.update()

    @property
    def captions(self) -> Captions | None:
        """The captions that are drawn."""
        return self._captions if self._told else None

    def tell(self, captions: Captions | None) -> None:
        """Draw captions, or none, as pictures and films have them."""
        if captions != self._captions:
            self._captions = captions
            self._write()

    def leave_free(self, corner: QWidget) -> None:
        """Let captions keep clear of a widget in the lower right corner, if it is shown."""
        place = (0.0, 0.0)
        if not corner.isHidden():
            place = (float(self.width() - corner.x()), float(self.height() - corner.y()))
        if place != self._corner:
            self._corner = place
            self._write()

    def _write(self) -> None:
        """Draw the captions for the picture as large as it is now."""
        self._told, ratio = [], self.devicePixelRatioF()
        size = max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)
        corner = (self._corner[0] * ratio, self._corner[1] * ratio)
        if self._captions is not None:
            try:
                made = caption_picture(size, self._captions, furnished=self._barred, corner=corner)
            except CityError as error:  # a font that is missing: told once
                self._captions, made = None, None
                self._desk.tell_error(error)
            if made is not None:
                pixels, left, top = made
                self._told = cut_out(pixels, ratio, (left, top))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Draw captions that fit the picture."""
        super().resizeEvent(event)
        self._write()

    def furnish(self, stage: Stage, *, furniture: bool, legend: bool) -> None:
        """Draw scale bar, date and place, and the legend, for the picture of a stage."""
        if furniture != self._barred:
            self._barred = furniture
            self._write()
        if not (furniture or legend):
            self.clear()
            return
        words = self._words = self._words or words_of(self._desk.texts.wording)
        wanted = Furniture(
            legend=legend, north=False, scale_bar=furniture, date=furniture,
            coordinates=furniture, words=words,
        )  # fmt: skip
        facts = facts_of(
            stage.project, stage.viewpoint, stage.size, stage.moment, stage.shown, stage.ground,
            words, look_of(stage.look),
        )  # fmt: skip
        drills = drill_legends(stage.views.values(), words)
        facts = replace(facts, legends=(*drills, *facts.legends))
        try:
            pixels = draw_furniture(stage.size, wanted, facts)
        except CityError as error:  # a font that is missing: told once, the picture stays bare
            self.clear()
            self._desk.tell_error(error)
            return
        self._furniture = cut_out(pixels, self.devicePixelRatioF())
        self.update()

    def clear(self) -> None:
        """Draw no furniture."""
        self._furniture = []
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw."""
        painter = QPainter(self)
        for image, place in (*self._furniture, *self._told):
            painter.drawImage(place, image)
        if self._box is not None:
            colour = QColor(self._desk.theme.colours.accent)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
            colour.setAlpha(40)
            painter.setBrush(colour)
            painter.drawRect(self._box)
        painter.end()

    def _forget_words(self) -> None:
        self._words = None


def cut_out(pixels: Bytes, ratio: float, corner: tuple[float, float] = (0.0, 0.0)) -> list[Placed]:
    """Cut the parts something is drawn in out of a picture that is mostly empty.

    Qt paints them with each frame; all that is empty would be looked at each time.

    Parameters
    ----------
    pixels : (h, w, 4) uint8
        Colours, not multiplied by how much they cover.
    ratio : float
        Pixels in a point.
    corner : (float, float)
        Where the upper left of the picture is, pixels.

    Returns
    -------
    list of (QImage, QPointF)
        Images that do not overlap, and where they are painted, points.
    """
    drawn, parts = pixels[..., 3] > 0, []
    for top, bottom in _runs(drawn, 0):
        for left, right in _runs(drawn[top:bottom], 1):
            part = np.ascontiguousarray(pixels[top:bottom, left:right])
            high, wide = part.shape[:2]
            image = QImage(part.data, wide, high, 4 * wide, QImage.Format.Format_RGBA8888)
            image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
            image.setDevicePixelRatio(ratio)
            place = QPointF((corner[0] + left) / ratio, (corner[1] + top) / ratio)
            parts.append((image, place))
    return parts


def _runs(drawn: Bools, axis: int) -> list[tuple[int, int]]:
    """Give where something begins and ends along an axis; what is nearly side by side is one."""
    places = np.flatnonzero(drawn.any(axis=1 - axis))
    if not len(places):
        return []
    runs = np.split(places, np.flatnonzero(np.diff(places) > APART) + 1)
    return [(int(run[0]), int(run[-1]) + 1) for run in runs]

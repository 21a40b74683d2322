"""What stands on the screen while the program is still being read from the disk."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QSplashScreen

from app.qt.theme import Colours, application_font, pixmap
from app.wording import Wording

SIZE = QSize(440, 168)
SIGN = 80  # side of the sign, pixels
EDGE = 44


def show_splash(locale: str, colours: Colours) -> QSplashScreen:
    """Show name and sign of the program at once; whoever opens the window finishes it.

    Parameters
    ----------
    locale : str
        Language of the words.
    colours : Colours
        Of the theme that the window will have.
    """
    ratio = QApplication.primaryScreen().devicePixelRatio()
    splash = QSplashScreen(_picture(Wording(locale), colours, ratio))
    splash.setObjectName("splash")
    splash.show()
    QApplication.processEvents()
    return splash


def _picture(words: Wording, colours: Colours, ratio: float) -> QPixmap:
    picture = QPixmap(SIZE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(colours.panel))
    painter = QPainter(picture)
    painter.setPen(QColor(colours.border))
    painter.drawRect(0, 0, SIZE.width() - 1, SIZE.height() - 1)
    painter.drawPixmap(EDGE, EDGE, pixmap("citystage", "#000000", QSize(SIGN, SIGN), ratio))
    left = EDGE + SIGN + 24
    font = application_font()
    lines = (
        ("Citystage", 22, colours.text, EDGE - 4),
        (words.t("welcome-lead"), 10, colours.dim, EDGE + 36),
        (words.t("splash-starting"), 10, colours.dim, EDGE + 60),
    )
    for text, points, colour, top in lines:
        font.setPointSize(points)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        place = QRect(left, top, SIZE.width() - left - 8, 40)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), text)
    painter.end()
    return picture

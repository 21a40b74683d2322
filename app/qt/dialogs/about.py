"""What the program is, which version, what it stands on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog
from app.qt.theme import pixmap

LIBRARIES = ("PySide6_Essentials", "vtk", "pyvista", "pyvistaqt", "numpy", "shapely", "pyproj",
             "pyogrio", "rasterio", "geopandas")  # fmt: skip


class AboutDialog(Dialog):
    """Name, version, licence, and the versions to quote in a report.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "about", parent)
        self.resize(560, 420)
        sign = QLabel()
        sign.setPixmap(pixmap("citystage", "#000000", QSize(72, 72), 2.0))
        name = QLabel(f"Citystage {program_version()}")
        name.setObjectName("about-name")
        name.setProperty("role", "title")
        words = QVBoxLayout()
        words.addWidget(name)
        for key in ("welcome-lead", "about-licence"):
            line = QLabel()
            line.setObjectName(key)
            line.setProperty("role", "dim")
            line.setWordWrap(True)
            desk.texts.bind(line, "setText", key)
            words.addWidget(line)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self._details = QPlainTextEdit(details())
        self._details.setObjectName("about-details")
        self._details.setReadOnly(True)
        self.body.addWidget(self._details, 1)
        copy = self.add_button("copy", "about-copy")
        copy.clicked.connect(self._copy)
        self.add_close()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details.toPlainText())


def program_version() -> str:
    """Give the version of the program, "" where it is not installed."""
    return _version("citystage")


def details() -> str:
    """List what a fault may depend on."""
    lines = [
        f"Citystage {program_version()}",
        f"{platform.system()} {platform.release()} ({platform.machine()})",
        f"Python {platform.python_version()}",
        f"Qt {qVersion()} ({QGuiApplication.platformName()})",
    ]
    lines += [f"{name} {_version(name)}" for name in LIBRARIES]
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""

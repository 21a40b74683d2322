"""Start the window: the application, its look, its last line of defence."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QSurfaceFormat
from PySide6.QtWidgets import QApplication

from app import settings as settings_file
from app.log import keep_log
from app.qt.splash import show_splash
from app.qt.theme import Theme, application_font, pixmap
from app.wording import detect

if TYPE_CHECKING:  # reading these takes seconds; the splash is shown before
    from app.qt.desk import Desk
    from app.qt.main_window import MainWindow

Caught = Callable[[type[BaseException], BaseException, TracebackType | None], None]
log = logging.getLogger("citystage")

WAKE_AFTER = 100  # milliseconds: the window paints itself first


def run(path: Path | None = None, *, sample: bool = False, screenshot: Path | None = None) -> int:
    """Open the window and stay until it is closed.

    Parameters
    ----------
    path : pathlib.Path or None
        Project to open, or file to import.
    sample : bool
        Open the sample city.
    screenshot : pathlib.Path or None
        Write a picture of the whole window there once it shows the project, and leave.

    Returns
    -------
    int
        Exit code of the application.
    """
    keep_log(terminal=True)
    app = make_application(sys.argv[:1])
    settings = settings_file.load()
    splash = show_splash(detect(settings.language), Theme(settings.theme).colours)
    from app.qt.desk import Desk
    from app.session import Session
    from scene.warming import warm_up

    desk = Desk(Session(), settings)
    sys.excepthook = hook(desk)
    window = open_window(desk)
    splash.finish(window)
    warming = threading.Thread(target=warm_up, name="citystage-warming")
    if path is not None:
        QTimer.singleShot(0, lambda: window.documents.take([path]))
    elif sample:
        QTimer.singleShot(0, window.documents.open_sample)
    else:
        QTimer.singleShot(0, window.documents.offer_recovery)
        warming.start()  # nobody waits yet
    QTimer.singleShot(WAKE_AFTER, window.viewport.wake)  # while a file is read, or nobody waits
    if screenshot is not None:
        photograph(window, screenshot)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    ticking = QTimer()  # lets Python notice Ctrl+C in the terminal
    ticking.start(250)
    ticking.timeout.connect(lambda: None)
    code = app.exec()
    if warming.is_alive():
        warming.join()
    return code


def make_application(arguments: list[str]) -> QApplication:
    """Make the application with the attributes VTK and high-resolution screens need."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QSurfaceFormat.setDefaultFormat(surface_format())
    QApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    app = QApplication(arguments)
    app.setApplicationName("citystage")
    app.setApplicationDisplayName("")
    app.setDesktopFileName("citystage")
    app.setStyle("Fusion")
    app.setFont(application_font())
    sign = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        sign.addPixmap(pixmap("citystage", "#000000", QSize(size, size)))
    app.setWindowIcon(sign)
    return app


def surface_format() -> QSurfaceFormat:
    """Give the kind of OpenGL context VTK asks for: desktop OpenGL 3.2 core."""
    wanted = QSurfaceFormat()
    wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setVersion(3, 2)
    wanted.setSwapBehavior(QSurfaceFormat.SwapBehavior.DoubleBuffer)
    wanted.setDepthBufferSize(8)
    wanted.setAlphaBufferSize(8)
    wanted.setStencilBufferSize(0)
    wanted.setSamples(0)
    return wanted


def open_window(desk: Desk) -> MainWindow:
    """Dress the application and show the window."""
    from app.qt.main_window import MainWindow

    desk.theme.apply()
    window = MainWindow(desk)
    window.show()
    gc.freeze()  # libraries and window stay: looking through them again takes a quarter of a second
    return window


def photograph(window: MainWindow, path: Path) -> None:
    """Write a picture of the window once nothing runs and the scene is drawn, then leave."""
    timer = QTimer(window)
    still = [0]

    def look() -> None:
        busy = bool(window.desk.jobs.running) or window.viewport.busy
        still[0] = 0 if busy else still[0] + 1
        if still[0] >= 5:
            timer.stop()
            window.grab().save(str(path))
            window.desk.session.history.mark_saved()
            window.close()

    timer.timeout.connect(look)
    timer.start(200)


def hook(desk: Desk) -> Caught:
    """Make the last line of defence: an error nobody caught is told once and logged."""

    def caught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        error.__traceback__ = trace
        desk.tell_error(error if isinstance(error, Exception) else Exception(repr(error)))

    return caught

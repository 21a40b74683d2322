"""The window as a whole: words, look, names of its parts, what is possible when."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollBar,
    QStackedWidget,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from app import settings as settings_file
from app.qt.actions import ROWS
from app.qt.desk import Desk, Notice
from app.qt.main_window import MainWindow
from app.qt.menus import MENUS, SUBMENUS, TOOLBAR
from app.qt.panels import PANELS
from app.session import Session
from app.wording import LOCALES, Wording
from layers.progress import Progress
from tests.app.qt.conftest import child, click, dialog, menu_texts

pytestmark = pytest.mark.gui


def test_nothing_but_the_window_itself_shows_at_a_start(qtbot: Any) -> None:
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
                shown.extend([watched.objectName()] if watched.isWindow() else [])
            return False

    watch = Watch()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    opened = MainWindow(Desk(Session(journaled=False), settings_file.load()))
    application.removeEventFilter(watch)
    assert shown == []
    with qtbot.waitSignal(opened.closed):
        opened.close()


def test_a_start_without_a_project_shows_the_welcome_page(window: MainWindow) -> None:
    page = child(window, QStackedWidget, "pages").currentWidget()
    assert page is not None
    assert page.objectName() == "welcome"
    assert not window.desk.actions["save"].isEnabled()
    assert not window.desk.actions["home"].isEnabled()
    assert window.desk.actions["import"].isEnabled()
    assert window.windowTitle() == "Citystage"


def test_the_language_switches_at_once_everywhere(window: MainWindow) -> None:
    assert menu_texts(window)[0] == "File"
    language = child(window, QMenu, "menu-language")
    next(a for a in language.actions() if a.objectName() == "language-zh-CN").trigger()
    assert menu_texts(window)[:3] == ["文件(F)", "编辑(E)", "视图(V)"]
    assert child(window, QToolButton, "welcome-new").text().strip() == "新建项目"
    assert window.docks["layers"].windowTitle() == "图层"
    next(a for a in language.actions() if a.objectName() == "language-en").trigger()
    assert menu_texts(window)[0] == "File"
    assert window.desk.settings.language == "en"


def test_the_look_switches_between_light_and_dark(window: MainWindow) -> None:
    def lightness() -> int:
        return QApplication.palette().color(QPalette.ColorRole.Window).lightness()

    light = lightness()
    theme = child(window, QMenu, "menu-theme")
    next(a for a in theme.actions() if a.objectName() == "theme-dark").trigger()
    assert lightness() < 80 < light
    assert window.desk.settings.theme == "dark"


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_in_the_menus_has_words(locale: str) -> None:
    words = Wording(locale)
    keys = [f"action-{row.key}" for row in ROWS] + [f"menu-{title}" for title, _ in MENUS]
    keys += [f"menu-{r[1:]}" for _, rows in MENUS for r in rows if r.startswith("=")]
    keys += [f"panel-{row.key}" for row in PANELS]
    assert [key for key in keys if not words.has(key)] == []


def test_every_action_stands_in_a_menu_and_the_toolbar_knows_its_own() -> None:
    known = {row.key for row in ROWS}
    every = [*(rows for _, rows in MENUS), *SUBMENUS.values()]
    in_menus = {row for rows in every for row in rows if row and not row.startswith("=")}
    assert in_menus <= known
    assert known - in_menus == set()
    assert {key for row in TOOLBAR if row for key in row.split("|")} <= known


@pytest.mark.parametrize("locale", LOCALES)
def test_letters_of_a_menu_lead_to_one_entry_each(locale: str) -> None:
    words = Wording(locale)
    bar = [f"menu-{title}" for title, _ in MENUS]
    menus = [bar, *([_words_of(row) for row in rows if row] for _, rows in MENUS)]
    menus += [[_words_of(row) for row in rows if row] for rows in SUBMENUS.values()]
    for keys in menus:
        texts = [words.t(key) for key in keys]
        letters = [text[text.index("&") + 1].lower() for text in texts]
        assert len(set(letters)) == len(letters), texts


def _words_of(row: str) -> str:
    return f"menu-{row[1:]}" if row.startswith("=") else f"action-{row}"


def test_no_two_actions_share_a_key() -> None:
    keys = [key for row in ROWS for key in row.shortcut.split(";") if key]
    keys += [row.shortcut for row in PANELS if row.shortcut]
    assert len(keys) == len(set(keys))


def test_every_part_a_hand_can_use_has_a_name(city: MainWindow) -> None:
    kinds = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QLabel)
    nameless = [
        f"{type(widget).__name__} in {parent.objectName()}"
        for kind in kinds
        for widget in city.findChildren(kind)
        if not widget.objectName()
        and (parent := widget.parent()) is not None
        and parent.objectName()
        and not isinstance(widget, QHeaderView | QScrollBar)
        and not parent.objectName().startswith("qt_")
        and widget.metaObject().className() != "QLineEditIconButton"  # Qt's own
    ]
    assert nameless == []


def test_buttons_that_show_only_a_picture_have_a_tooltip(city: MainWindow) -> None:
    bare = [
        button.objectName()
        for button in city.findChildren(QToolButton)
        if not button.text()
        and not button.toolTip()
        and not button.objectName().startswith(("qt_", "Scroll", "attributes-"))
        and button.metaObject().className() != "QLineEditIconButton"  # clears a field; Qt's own
    ]
    assert bare == []


def test_panels_open_and_close_from_the_menu(city: MainWindow) -> None:
    dock = city.docks["views"]
    toggle: QAction = dock.toggleViewAction()
    toggle.trigger()
    assert not dock.isVisible()
    toggle.trigger()
    assert dock.isVisible()


def test_a_notice_tells_what_to_try_and_stays_in_the_messages(
    city: MainWindow, notices: list[Notice]
) -> None:
    assert not city.desk.attempt(lambda: city.desk.project.layer("nothing"))
    assert notices[-1].level == "error"
    assert child(city, QLabel, "notice-text").text() == "There is no layer 'nothing'."
    assert "Lake, Blocks" in child(city, QLabel, "notice-hint").text()
    close = child(city, QToolButton, "notice-close")
    assert close.isVisible()
    click(close)
    assert not child(city, QWidget, "notice").isVisible()
    texts = city.docks.panel("messages").texts()  # type: ignore[attr-defined]  # of MessagesPanel
    assert "There is no layer 'nothing'." in texts[-1]


def test_a_fault_nobody_caught_is_told_once(city: MainWindow, notices: list[Notice]) -> None:
    from app.qt.start import hook

    error = ValueError("shapes do not match")
    hook(city.desk)(ValueError, error, None)
    assert len(notices) == 1
    assert "ValueError: shapes do not match" in notices[0].text
    assert notices[0].hint


def test_settings_pages_about_and_project_settings_open(city: MainWindow, qtbot: Any) -> None:
    for key in ("settings", "shortcuts", "about", "project-settings"):
        city.desk.actions[key].trigger()
        shown = dialog(qtbot, f"dialog-{key}")
        assert shown.windowTitle()
        shown.reject()


def test_the_language_of_an_open_dialog_follows(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["settings"].trigger()
    shown = dialog(qtbot, "dialog-settings")
    combo = child(shown, QComboBox, "settings-language")
    combo.setCurrentIndex(combo.findData("zh-CN"))
    combo.activated.emit(combo.currentIndex())
    assert shown.windowTitle() == "设置"
    assert menu_texts(city)[0] == "文件(F)"


def test_title_and_sun_are_changed_as_one_step(city: MainWindow, qtbot: Any) -> None:
    city.desk.actions["project-settings"].trigger()
    shown = dialog(qtbot, "dialog-project-settings")
    child(shown, QLineEdit, "project-title").setText("Lake town")
    child(shown, QLineEdit, "project-author").setText("Bureau")
    click(child(shown, QWidget, "ok"))
    assert city.desk.project.info.title == "Lake town"
    assert city.windowTitle().startswith("Lake town")
    city.desk.actions["undo"].trigger()
    assert (city.desk.project.info.title, city.desk.project.info.author) == ("", "")


def test_dropped_data_files_open_the_import(city: MainWindow, qtbot: Any, tmp_path: Any) -> None:
    path = tmp_path / "points.csv"
    path.write_text("name,lon,lat\nA,114.0,30.5\n", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    city.dropEvent(event)
    assert dialog(qtbot, "dialog-import").isVisible()


def test_panels_are_as_they_were_left(window: MainWindow) -> None:
    dock = window.docks["views"]
    dock.hide()
    window.keep_state()
    dock.show()
    again = MainWindow(Desk(Session(journaled=False), settings_file.load()))
    try:
        assert again.docks["views"].isHidden()
        assert not again.docks["layers"].isHidden()
    finally:
        again.close()


def test_the_start_page_tells_what_is_under_way_and_stops_it(
    window: MainWindow, qtbot: Any
) -> None:
    line = child(window, QWidget, "welcome-job-work")
    card = child(window, QFrame, "welcome-card")
    assert not line.isVisible()
    width, pause = card.width(), Event()

    def work(progress: Progress) -> None:
        while True:
            progress.step(1, 4, "progress-reading")  # raises when it is stopped
            pause.wait(0.002)

    job = window.desk.jobs.start("Making a city", work)
    qtbot.waitUntil(lambda: "Making a city: " in child(line, QLabel, "welcome-job-title").text())
    assert line.isVisible()
    assert card.width() == width  # the page does not jump as the words change
    with qtbot.waitSignal(job.ended):
        child(line, QToolButton, "welcome-job-cancel").click()
    qtbot.waitUntil(lambda: not line.isVisible())


def test_the_shortcuts_page_names_panels_and_what_hands_do_while_drawing(
    window: MainWindow, qtbot: Any
) -> None:
    window.desk.actions["shortcuts"].trigger()
    shown = dialog(qtbot, "dialog-shortcuts")
    page = child(shown, QTextBrowser, "shortcuts-text").toPlainText()
    assert all(keys in page for keys in ("Ctrl+Shift+L", "W A S D", "Backspace"))
    shown.close()


def test_the_shortcuts_page_names_actions_without_the_marks_of_menus(
    window: MainWindow, qtbot: Any
) -> None:
    window.desk.speak("zh-CN")
    window.desk.actions["shortcuts"].trigger()
    page = child(dialog(qtbot, "dialog-shortcuts"), QTextBrowser, "shortcuts-text").toPlainText()
    assert "新建项目" in page
    assert "新建项目(" not in page
    assert "&" not in page
    assert "(" not in window.desk.actions["copy-coordinates"].toolTip().split("  ")[0]

"""A question with two or three answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog


@dataclass(frozen=True, slots=True)
class Answer:
    """One button: its object name, its text key, what it does, whether Enter means it."""

    name: str
    key: str
    does: Callable[[], object] | None = None
    primary: bool = False


class Question(Dialog):
    """Asks something; closing it is the answer without an effect.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    key : str
        Texts ``dialog-KEY`` (title), ``dialog-KEY-ask`` (the question) and, where there is
        one, ``dialog-KEY-more``.
    answers : sequence of Answer
        From left to right.
    parent : QWidget
        The window it belongs to.
    icon : str
        Name of the icon.
    otherwise : callable or None
        What closing it without an answer does.
    **facts : object
        Values in the texts.
    """

    def __init__(
        self,
        desk: Desk,
        key: str,
        answers: Sequence[Answer],
        parent: QWidget,
        *,
        icon: str = "warning",
        otherwise: Callable[[], object] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(desk, key, parent)
        sign = QLabel()
        sign.setPixmap(desk.theme.icon(icon, "warning").pixmap(QSize(36, 36)))
        words = QVBoxLayout()
        words.setSpacing(6)
        for suffix, role in (("-ask", "heading"), ("-more", "dim")):
            text = desk.texts.t(f"dialog-{key}{suffix}", **facts)
            if text == f"dialog-{key}{suffix}":
                continue
            label = QLabel(text)
            label.setObjectName(f"question{suffix}")
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setMinimumWidth(380)
            words.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self._chosen: Answer | None = None
        self._otherwise = otherwise
        for answer in answers:
            button = self.add_button(answer.name, answer.key, primary=answer.primary)
            button.clicked.connect(self._answering(answer))
        self.finished.connect(self._act)

    def _answering(self, answer: Answer) -> Callable[[], None]:
        def choose() -> None:
            self._chosen = answer
            self.accept()

        return choose

    def _act(self) -> None:
        does = self._otherwise if self._chosen is None else self._chosen.does
        if does is not None:
            does()

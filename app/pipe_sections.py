"""Sections through pipes as drawings: asked for by scripts, commands and the window."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app.session import Session
from app.wording import LOCALES, Wording, current
from layers.errors import CityError
from layers.project import Project

if TYPE_CHECKING:
    from layers.pipes.plate import Plate
    from layers.pipes.section_frame import Words

Kind = Literal["pipe-section", "pipe-long-section"]
CROSS: Kind = "pipe-section"
LONG: Kind = "pipe-long-section"
BOTH = "both"
LARGEST_SCALE, SMALLEST_SCALE = 5.0, 200_000.0


@dataclass(frozen=True, slots=True)
class DrawingOptions:
    """How a section is drawn.

    Attributes
    ----------
    scale : float
        1 : scale; 0 takes the largest that fits A3.
    exaggeration : float
        How many times larger heights are; 0 takes 1 for cross sections, 10 or
        what fits for longitudinal ones.
    title, number, author, date : str
        Of the title block; "" takes what the project says, and today.
    language : str
        ``"en"``, ``"zh-CN"``, ``"both"``, or "" for the program's.
    error_band : bool
        Whether the error of the survey is drawn.
    """

    scale: float = 0.0
    exaggeration: float = 0.0
    title: str = ""
    number: str = ""
    author: str = ""
    date: str = ""
    language: str = ""
    error_band: bool = True


class Sectioning:
    """Drawing sections; `app.api.City` has these verbs."""

    session: Session

    def draw_section(
        self, kind: Kind, params: Mapping[str, Any], options: DrawingOptions = DrawingOptions(),
        *, scheme: str = "",
    ) -> Plate:  # fmt: skip
        """Draw a cross or longitudinal section, of a scheme where one is named.

        See `section_plate`.
        """
        from app.analyses import asked_project

        return section_plate(asked_project(self.session.project, scheme), kind, params, options)

    def write_section(
        self, path: str | Path, kind: Kind, params: Mapping[str, Any],
        options: DrawingOptions = DrawingOptions(), *, scheme: str = "",
    ) -> None:  # fmt: skip
        """Write a section as a drawing: ``.svg``, ``.pdf``, ``.png`` or ``.dxf``."""
        from layers.files.plates import write_plate

        write_plate(self.draw_section(kind, params, options, scheme=scheme), Path(path))


def section_plate(
    project: Project, kind: Kind, params: Mapping[str, Any],
    options: DrawingOptions = DrawingOptions(), words: Wording | None = None,
) -> Plate:  # fmt: skip
    """Draw a section.

    Parameters
    ----------
    project : Project
        What is cut.
    kind : str
        ``"pipe-section"`` or ``"pipe-long-section"``.
    params : mapping
        As the analysis of that name takes them.
    options : DrawingOptions
        How it is drawn.
    words : Wording or None
        The language where the options name none.

    Raises
    ------
    CityError
        ``sections.scale``, ``sections.language``; as the section itself does.
    """
    from layers.analyses.base import params_of
    from layers.analyses.pipe_sections import cross_of, long_of
    from layers.analyses.table import analysis_of
    from layers.pipes.long_drawing import long_plate
    from layers.pipes.section_drawing import cross_plate
    from layers.pipes.section_frame import PlateFacts

    if options.scale and not LARGEST_SCALE <= options.scale <= SMALLEST_SCALE:
        raise CityError(
            "sections.scale",
            f"Nothing is drawn at 1:{options.scale:g}.",
            hint="give a scale of 5 to 200000, such as 100, or 0 for the largest that fits A3",
            scale=options.scale,
        )
    speakers = _speakers(options.language, words)
    asked = params_of(analysis_of(kind), params)
    long = kind == LONG
    section = long_of(project, asked) if long else cross_of(project, asked)
    title = options.title or _said(speakers, f"section-title-{'long' if long else 'cross'}")
    notes = [note for one in section.notes for note in {w.note(one): 0 for w in speakers}]
    notes += [w.t("section-note-star") for w in speakers] if section.notes else []
    notes += [w.t("section-note-error") for w in speakers] if options.error_band else []
    facts = PlateFacts(
        title, project.info.title, options.author or project.info.author,
        options.date or datetime.date.today().isoformat(),
        "" if project.frame is None else str(project.frame.crs), options.number, options.scale,
        options.exaggeration, options.error_band,
        tuple(notes),
    )  # fmt: skip
    draw_words = _drawing_words(speakers)
    if long:
        return long_plate(section, draw_words, facts)  # type: ignore[arg-type]  # it is a long one
    return cross_plate(section, draw_words, facts)  # type: ignore[arg-type]  # it is a cross one


def _speakers(language: str, words: Wording | None) -> list[Wording]:
    if language == BOTH:
        return [Wording("zh-CN"), Wording("en")]
    if language and language not in LOCALES:
        raise CityError(
            "sections.language",
            f"Drawings are not written in '{language}'.",
            hint="use en, zh-CN or both",
            language=language,
        )
    return [Wording(language) if language else words or current()]


def _said(speakers: list[Wording], key: str) -> str:
    return " ".join(one.t(key) for one in speakers)


def _drawing_words(speakers: list[Wording]) -> Words:
    def words(key: str) -> str:
        named = f"pipe-{key}" if key.startswith("class-") else f"section-{key}"
        return _said(speakers, named)

    return words

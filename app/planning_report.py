"""The planning report: schemes compared on paper with pictures, checks, sun, sight and rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.scheme_answers import told_of
from app.scheme_reports import analysed, checked_names, differing, numbers_of, scheme_word
from app.sunlight_paper import Stated, stated
from app.wording import Wording, current
from layers.errors import CityError
from layers.kinds.answers import SavedAnalysis
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.rules.rule import Rule
from layers.schemes import project_with
from layers.schemes_compare import Figure, figures
from layers.schemes_model import EXISTING

if TYPE_CHECKING:
    from app.planning_pictures import Drawn
    from layers.paper.document import Document
    from layers.planning.skyline import Skyline

MOST_SCHEMES = 6
#: Beginnings of the keys of rules that a check goes by.
RULES_OF = {"six-lines": ("setback.",), "indicators": ("floor-area.", "parking.")}
Place = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a planning report tells.

    Attributes
    ----------
    schemes : tuple of str
        Schemes; the first is the one to compare with. One alone is compared with the existing city.
    views : tuple of str
        Named views; ``all`` takes those in which the schemes differ.
    day, zone, city : str
        Of the statement about sunlight; "" takes the day of the rule.
    sunlight : bool
        Whether the sun of windows is told.
    look_from : tuple of (east, north) or (east, north, height)
        Places from which pictures, skylines and sight are told.
    look_to : tuple of float
        What is looked at; () takes the site.
    width : float
        Width of these pictures, degrees.
    moment : str
        ISO 8601 local time of the sun in all pictures; "" takes the views' or the project's.
    shadows : bool
        Whether there are true shadows.
    size : (int, int)
        Of each picture, pixels.
    title, author, date : str
        "" takes the usual title, the project's author, today.
    """

    schemes: tuple[str, ...]
    views: tuple[str, ...] = ("all",)
    day: str = ""
    zone: str = "III"
    city: str = "large"
    sunlight: bool = True
    look_from: tuple[Place, ...] = ()
    look_to: Place = ()
    width: float = 70.0
    moment: str = ""
    shadows: bool = False
    size: tuple[int, int] = (1120, 630)
    title: str = ""
    author: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen from one place.

    Attributes
    ----------
    place : (east, north, height)
        The eye.
    lines : dict of str to Skyline
        Skyline by scheme, that of the existing city among them.
    sight : dict of str to SavedAnalysis
        Whether the target is seen, by scheme; empty without a target.
    """

    place: Place
    lines: dict[str, Skyline]
    sight: dict[str, SavedAnalysis]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a planning report tells, before it is put in words.

    Attributes
    ----------
    names : tuple of str
        Schemes.
    answers : dict of str to (dict of str to SavedAnalysis)
        Control lines and indicators by scheme, those of the existing city among them.
    figures : tuple of Figure
        Figures with deltas.
    sun : dict of str to Stated
        Statements by scheme; a scheme that takes no sun has none.
    sun_missing : dict of str to CityError
        Why there is no statement.
    seen : tuple of Seen
        One for each place that is looked from.
    rules : tuple of Rule
        Rules that the checks go by.
    kept : tuple of (SavedAnalysis, tuple of str)
        Answers of the project with what has changed since.
    """

    names: tuple[str, ...]
    answers: dict[str, dict[str, SavedAnalysis]]
    figures: tuple[Figure, ...]
    sun: dict[str, Stated]
    sun_missing: dict[str, CityError]
    seen: tuple[Seen, ...]
    rules: tuple[Rule, ...]
    kept: tuple[tuple[SavedAnalysis, tuple[str, ...]], ...]


def names_of(project: Project, options: ReportOptions) -> tuple[str, ...]:
    """Give the schemes of a report; one alone is compared with the existing city.

    Raises
    ------
    CityError
        ``compare.two``, ``schemes.no_such``, ``planning.many``.
    """
    wanted = [name for name in options.schemes if name.strip()]
    if len(wanted) == 1:
        wanted = [EXISTING, *wanted]
    names = checked_names(project, wanted)
    if len(names) > MOST_SCHEMES:
        raise CityError(
            "planning.many",
            f"{len(names)} schemes are too many for one report.",
            hint=f"name {MOST_SCHEMES} at most",
            count=len(names),
            most=MOST_SCHEMES,
        )
    return tuple(names)


def check_files(files: Sequence[Path]) -> None:
    """Say at once, before hours of work, that a file cannot be written.

    Raises
    ------
    CityError
        ``paper.suffix``, ``planning.no_file``, ``planning.no_folder``.
    """
    from layers.paper.writing import checked_suffix

    if not files:
        raise CityError(
            "planning.no_file",
            "Nothing says where the report is to be written.",
            hint="write --out report.pdf",
        )
    for file in files:
        checked_suffix(file)
        if not file.absolute().parent.is_dir():
            raise CityError(
                "planning.no_folder",
                f"There is no folder for {file.name}.",
                hint="make it, or choose another one",
                file=file.name,
            )


def find(project: Project, options: ReportOptions, progress: Progress = Silent()) -> Findings:
    """Ask everything that a report tells; draws nothing, so it may run in another thread.

    Raises
    ------
    CityError
        As `names_of`, and where a place or a day is wrong.
    """
    from app.rules import own_folder
    from layers.rules import chosen

    chosen.use([own_folder()])
    names = names_of(project, options)
    answers: dict[str, dict[str, SavedAnalysis]] = {}
    for number, name in enumerate(dict.fromkeys([EXISTING, *names])):
        answers[name] = analysed(project, name, Part(progress, 0.04 * number, 0.04 * number + 0.04))
    besides = told_of(project, names, project.views, Part(progress, 0.24, 0.3))
    if options.sunlight:  # the statement tells more than its headline figures
        besides = [{k: v for k, v in one.items() if not k.startswith("sunlight#")}
                   for one in besides]  # fmt: skip
    numbers = [numbers_of(answers[name]) for name in names]
    told = figures(
        project, names, [{**a, **b} for a, b in zip(numbers, besides, strict=True)]
    )  # fmt: skip
    proposed = [name for name in names if name != EXISTING]
    sun: dict[str, Stated] = {}
    missing: dict[str, CityError] = {}
    for number, name in enumerate(proposed if options.sunlight else ()):
        share = 0.6 / len(proposed)
        part = Part(progress, 0.3 + share * number, 0.3 + share * (number + 1))
        params = {
            "compare": "scheme", "before": EXISTING, "day": options.day, "zone": options.zone,
            "city": options.city, "listed": "buildings",
        }  # fmt: skip
        try:
            sun[name] = stated(project_with(project, name), params, part)
        except CityError as error:
            if error.code not in {"sunlight.no_change", "sunlight.no_walls", "sunlight.no_windows"}:
                raise
            missing[name] = error
    seen = tuple(_seen(project, proposed, options, place) for place in options.look_from)
    progress.step(95, 100, "progress-sight")
    rules = _rules(answers, sun)
    return Findings(
        names, answers, told, sun, missing, seen, rules, tuple(_kept(project, names))
    )  # fmt: skip


def _seen(
    project: Project, names: Iterable[str], options: ReportOptions, place: Place
) -> Seen:  # fmt: skip
    """Look from a place in every scheme."""
    from app.planning_pictures import gaze
    from layers.analyses import running
    from layers.analyses.base import params_of
    from layers.analyses.skyline import ANALYSIS, skylines

    eye, heading = gaze(project, options, place)
    params = params_of(
        ANALYSIS, {"eyes": [list(eye)], "heading": heading, "width": options.width, "step": 0.05}
    )
    lines: dict[str, Skyline] = {}
    sight: dict[str, SavedAnalysis] = {}
    for name in dict.fromkeys([EXISTING, *names]):
        shown = project_with(project, name)
        lines[name] = skylines(shown, params)[0]
        if options.look_to:
            asked = {"eyes": [list(eye)], "targets": [list(options.look_to)]}
            sight[name] = running.run(shown, "sight-lines", asked, scheme=name)
    return Seen(eye, lines, sight)


def _rules(
    answers: dict[str, dict[str, SavedAnalysis]], sun: dict[str, Stated]
) -> tuple[Rule, ...]:  # fmt: skip
    from layers.rules import chosen

    keys = {key for held in answers.values() for key in held}
    begins = tuple(begin for key in RULES_OF if key in keys for begin in RULES_OF[key])
    found = [rule for rule in chosen.rules().rules if begins and rule.key.startswith(begins)]
    found += [rule for one in sun.values() for rule in one.asked.used]
    return tuple(dict.fromkeys(found))


def _kept(
    project: Project, names: Sequence[str]
) -> Iterable[tuple[SavedAnalysis, tuple[str, ...]]]:  # fmt: skip
    """Give the kept answers about these schemes or the existing city, stale or not."""
    from app.analyses import stale_inputs
    from layers.analyses.edits import answers_of

    for item in answers_of(project).items:
        if item.scheme in {"", EXISTING, *names}:
            yield item, stale_inputs(project, item)


def report(
    project: Project, options: ReportOptions, found: Findings, drawn: Drawn | None,
    words: Wording | None = None, *, numbers: bool = False,
) -> Document:  # fmt: skip
    """Put a report together; `numbers` keeps numbers as numbers and prints all rows of tables."""
    from app.papers import document
    from app.planning_blocks import blocks_of
    from layers.rules import chosen

    w = words or current()
    packs = {rule.pack for rule in found.rules}
    names = dict.fromkeys([EXISTING, *found.names])
    told = " / ".join(scheme_word(name, w) for name in found.names)
    return document(
        project, options.title or w.t("planning-title"),
        blocks_of(project, options, found, drawn, w, numbers=numbers), subtitle=told,
        layers=differing(project, list(names), w),
        packs=[pack for pack in chosen.packs() if pack.id in packs],
        author=options.author or project.info.author, date=options.date, contents=True,
        words=w,
    )  # fmt: skip


def write_report(
    project: Project, options: ReportOptions, files: Sequence[Path], found: Findings,
    drawn: Drawn | None, words: Wording | None = None, progress: Progress = Silent(),
) -> list[Path]:  # fmt: skip
    """Write a report that was asked for and drawn before, in several formats.

    Raises
    ------
    CityError
        As `app.papers.write`.
    """
    from app.papers import write

    made: list[Path] = []
    for number, file in enumerate(files):
        progress.step(number, len(files), "progress-planning-writing")
        workbook = file.suffix.lower() == ".xlsx"
        made += write(report(project, options, found, drawn, words, numbers=workbook), file)
    return made


def write_planning_report(
    project: Project, options: ReportOptions, files: Sequence[Path],
    progress: Progress | None = None, words: Wording | None = None,
) -> list[Path]:  # fmt: skip
    """Make the planning report of schemes: ask, draw, write.

    Parameters
    ----------
    project : Project
        The project; nothing in it changes.
    options : ReportOptions
        What it tells.
    files : sequence of pathlib.Path
        PDF, DOCX, XLSX or PNG pages, by their endings.
    progress : Progress or None
        Told how far it is.
    words : Wording or None
        Language; None takes the program's.

    Returns
    -------
    list of pathlib.Path
        The files.

    Raises
    ------
    CityError
        As `names_of`, `check_files`, drawing and writing do.
    """
    from app.planning_pictures import draw

    told = progress or Silent()
    check_files(files)
    options = replace(options, schemes=names_of(project, options))
    found = find(project, options, Part(told, 0.0, 0.5))
    drawn = None
    if any(file.suffix.lower() != ".xlsx" for file in files):
        drawn = draw(project, options, words or current(), Part(told, 0.5, 0.9))
    return write_report(project, options, files, found, drawn, words, Part(told, 0.9, 1.0))

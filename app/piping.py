"""The half of the Python interface that asks, sums up and plans pipes; `City` has these verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from app.pipes_asking import Question, ask, sum_up, surroundings
from app.pipes_planning import add_planned
from app.session import Session
from app.wording import current

if TYPE_CHECKING:
    import pyarrow as pa

    from layers.pipes.drafting import Design


class Piping:
    """Pipes of an open project: found, summed up, planned."""

    session: Session

    def ask_pipes(self, where: str = "", **asked: Any) -> pa.Table:
        """Find pipes and give everything known of them.

        Parameters
        ----------
        where : str
            An expression such as ``class = gas and depth > 1.5``; "" for all.
        **asked : value
            Other fields of `app.pipes_asking.Question`: ``layers``, ``box``, ``area``, ``along``,
            ``road``, ``width``, ``near``, ``most``, ``number``, ``address``, ``runs_only``.

        Returns
        -------
        pyarrow.Table
            One row per run or node, see `layers.pipes.sheet.information`.

        Raises
        ------
        CityError
            ``pipes.none`` and as expressions do.
        """
        question = Question(where=where, **asked)
        return ask(self.session.project, question, current()).table

    def pipe_statistics(
        self, *by: str, where: str = "", districts: str = "", roads: str = ""
    ) -> pa.Table:
        """Sum up pipes by one property or two; see `layers.pipes.statistics.statistics`.

        Parameters
        ----------
        *by : str
            Such as ``"class"``, ``"material"``; without any by class.
        where : str
            Only pipes for which this holds.
        districts, roads : str
            Layers; "" takes the first of their kind.

        Raises
        ------
        CityError
            ``pipes.none``, ``pipes.statistics``, ``pipes.no_districts``.
        """
        project = self.session.project
        around = surroundings(project, districts, "", roads)
        return sum_up(project, by or ("class",), Question(where=where), around, current())

    def plan_pipe(self, points: ArrayLike, design: Design, layer: str = "") -> None:
        """Put a planned pipe into the city or the scheme that is shown.

        Parameters
        ----------
        points : (k, 2) array_like of float
            The line, project coordinates.
        design : Design
            Of `layers.pipes.drafting`: class, size, cover or slope.
        layer : str
            Layer it goes into; "" takes that of planned pipes, or makes it.

        Raises
        ------
        CityError
            ``pipes.draft_line``, ``pipes.not_pipes``, ``project.no_crs``.
        """
        line = np.asarray(points, dtype=np.float64)
        self.session.run(add_planned(self.session.project, line, design, layer))

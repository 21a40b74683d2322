"""Digging for scripts: what a pit or a trench meets, offered places of a trench, the open pit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.session import Session
from layers.project import Project
from layers.viewpoint import Viewpoint

if TYPE_CHECKING:
    from layers.cut import Cut

#: Columns of the list of owners and of that of offers, in order.
OWNER_COLUMNS = ("owner", "contact", "hits", "hand_digs", "near", "exposed_m")
OFFER_COLUMNS = ("aside_m", "hits", "hand_digs", "least_m", "volume_m3")


class Digging:
    """Digging; `app.api.City` has these verbs."""

    session: Session

    def open_pit(self, params: Mapping[str, Any]) -> Cut:
        """Give the cut that shows a dig in pictures: ``city.render(cut=city.open_pit(...))``.

        Parameters
        ----------
        params : mapping
            As the analysis ``pipe-dig`` takes them.
        """
        from layers.analyses.base import params_of
        from layers.analyses.pipe_digging import DIG, dug_of, pit_cut

        return pit_cut(dug_of(self.session.project, params_of(DIG, params)))

    def offered_trenches(
        self, pipe: int, layer: str = "", *, slope: float = 0.5, width: float = 0.0
    ) -> list[dict[str, Any]]:
        """Try the trench of a pipe up to 3 m to either side; the best place comes first.

        Parameters
        ----------
        pipe : int
            Id of the run.
        layer : str
            Its layer; "" takes the only one.
        slope : float
            Metres outwards for one metre of height.
        width : float
            Of the floor, metres; 0 takes what the pipe needs.

        Returns
        -------
        list of dict
            ``aside_m`` (to the left of the run), ``hits``, ``hand_digs``, ``least_m`` (infinity
            where nothing is near), ``volume_m3``.
        """
        from app.rules import own_folder
        from layers.analyses.choosing import layer_named, layers_named
        from layers.pipes.excavation import offered
        from layers.rules import chosen

        project = self.session.project
        chosen.use([own_folder()])
        own = project.layer(layer_named(project, layer, "pipes"))
        layers = layers_named(project, (), "pipes")
        return list(offered(project, layers, own, pipe, chosen.rules(), slope=slope, width=width))


def eye_over(project: Project, cut: Cut) -> Viewpoint:
    """Give an eye that looks down into a pit from the south-west, all of it in the picture."""
    west, south, east, north = cut.outline.bounds
    size = max(east - west, north - south, 6.0)
    middle = (west + east) / 2.0, (south + north) / 2.0
    ground = float(project.ground_at([middle])[0])
    heading, pitch, away = math.radians(30.0), math.radians(-52.0), 1.35 * size + 6.0
    flat = away * math.cos(pitch)
    return Viewpoint(
        middle[0] - flat * math.sin(heading), middle[1] - flat * math.cos(heading),
        ground - away * math.sin(pitch), heading, pitch, away,
    )  # fmt: skip

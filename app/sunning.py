"""The part of the Python interface about sun and shadow; `app.api.City` has these verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layers.edits import AddLayer
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.progress import Progress

if TYPE_CHECKING:
    import pyarrow as pa

    from app.session import Session


class Sunning:
    """What can be worked out from the sun of an open project."""

    session: Session

    def shadow_plan(
        self,
        moments: Sequence[str],
        *,
        layers: Sequence[str] = (),
        name: str = "",
        progress: Progress | None = None,
    ) -> Layer:
        """Add a layer with the shadows of buildings at several times, one colour for each.

        Parameters
        ----------
        moments : sequence of str
            ISO 8601 local times, such as ``"2026-12-21T09:00"``.
        layers : sequence of str
            Layers of buildings by name or id; none means all that are visible.
        name : str
            What the new layer is called; "" takes the first day.
        progress : Progress or None
            Is told how far it is.

        Raises
        ------
        CityError
            As `layers.planning.shadow_plan.shadow_plan` does; nothing is changed then.
        """
        from app.wording import current
        from layers.planning.shadow_plan import shadow_plan

        project = self.session.project
        chosen = [project.layer(layer) for layer in layers] or [
            layer for layer in project.layers if layer.visible and isinstance(layer.data, Buildings)
        ]
        called = name or current().t("sun-plan-name", day=moments[0][:10] if moments else "")
        made = shadow_plan(project, chosen, moments, progress, name=called)
        self.session.run(AddLayer(made))
        return made

    def shadow_shares(self, plan: str, areas: str) -> pa.Table:
        """Say which share of each area lies in shadow at each time of a plan of shadows.

        Parameters
        ----------
        plan, areas : str
            Layers by name or id: one that `shadow_plan` made, and polygons or buildings.

        Raises
        ------
        CityError
            As `layers.planning.shadow_shares.shadow_shares` does.
        """
        from layers.planning.shadow_shares import shadow_shares

        project = self.session.project
        return shadow_shares(project.layer(plan), project.layer(areas))

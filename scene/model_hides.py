"""Which buildings are not drawn because a model stands for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.kinds.models import Links, Models, hidden_buildings
from layers.shapes import Ints
from scene.views.base import NOTHING

if TYPE_CHECKING:
    from scene.views.base import StageContext


class HiddenByModels:
    """Follows the models that are shown and tells which buildings of one layer they hide.

    Parameters
    ----------
    context : StageContext
        Whose layers are followed.
    layer_id : str
        The layer of buildings.

    Attributes
    ----------
    ids : (k,) int64
        Buildings hidden now.
    """

    def __init__(self, context: StageContext, layer_id: str) -> None:
        self._context, self._layer_id = context, layer_id
        self._seen: tuple[Links, ...] = ()
        self.ids: Ints = NOTHING

    def changed(self) -> bool:
        """Look again; say whether other buildings are hidden now. Cheap: for every frame."""
        layers = self._context.project.layers
        seen = tuple(
            layer.data.links
            for layer in layers
            if isinstance(layer.data, Models) and len(layer.data.links)
            and self._context.shown(layer)
        )  # fmt: skip
        same = len(seen) == len(self._seen)
        if same and all(a is b for a, b in zip(seen, self._seen, strict=True)):
            return False
        self._seen = seen
        self.ids = hidden_buildings(layers, self._layer_id, self._context.shown)
        return True

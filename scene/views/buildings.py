"""Buildings: tiles of blocks and surfaces, coloured through a texture of ids."""

from __future__ import annotations

from scene.views.base import LayerView


class BuildingsView(LayerView):
    """Draws a layer of buildings."""

    def rebuild(self) -> None:
        """Make the actors anew."""

    def restyle(self) -> None:
        """Give the actors the layer's look."""

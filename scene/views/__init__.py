"""The table of views; a new kind of layer is a module here and a row below."""

from __future__ import annotations

from scene.views.base import LayerView
from scene.views.buildings import BuildingsView

VIEW_FOR: dict[str, type[LayerView]] = {
    "buildings": BuildingsView,
}

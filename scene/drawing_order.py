"""What is on top is drawn first, so that nothing hidden costs the colouring of its pixels.

Signs of plans, seen through at their edges, are painted over each other, the lowest first, and so
are areas on the ground below them. Only where something else is seen through as well, whose
triangles come in no order, VTK's mixing by weights is asked for: it costs as much as half a city,
and lets colours of signs shine through each other.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Hashable, Mapping
from typing import Any


class DrawingOrder:
    """Keeps a renderer's solid things sorted: what stands, then what lies flat from the top down.

    Of two that lie equally high the one added last comes first. The depth test then throws away
    covered pixels before their colour is reckoned; on a software rasteriser this halves the time
    of a frame with ground, pictures and flat layers.

    Parameters
    ----------
    renderer : vtkRenderer
        Whose things are sorted.
    orders : callable
        Gives the place in depth of everything that lies flat, see `Materials.orders`.
    painted : mapping or None
        Order of everything that is painted over the rest, see `Materials.painted`.
    """

    def __init__(
        self, renderer: Any, orders: Callable[[], Mapping[Any, float]],
        painted: Mapping[Any, float] | None = None,
    ) -> None:  # fmt: skip
        self._renderer, self._orders = renderer, orders
        self._painted = {} if painted is None else painted
        self._clear: Hashable = None
        self._number: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._next = 0
        self._sorted_at = -1

    def keep(self, clear: Hashable = None) -> None:
        """Sort again if something was added or taken away; cheap where nothing was.

        Parameters
        ----------
        clear : hashable
            What says how far things are seen through: looked at again when it changes.
        """
        props = self._renderer.GetViewProps()
        if props.GetMTime() == self._sorted_at and clear == self._clear:
            return
        self._clear = clear
        every = [props.GetItemAsObject(i) for i in range(props.GetNumberOfItems())]
        for prop in every:
            if prop not in self._number:
                self._number[prop] = self._next
                self._next += 1
        over = [prop for prop in every if prop in self._painted]
        over.sort(key=lambda prop: (self._painted[prop], self._number[prop]))
        solid = [p for p in every if p not in self._painted and not p.IsA("vtkActor2D")]
        orders = self._orders()
        clear_ones = [prop for prop in solid if prop.HasTranslucentPolygonalGeometry()]
        laid = [prop for prop in clear_ones if prop in orders]
        self._renderer.SetUseOIT(not over or len(laid) < len(clear_ones))
        flat = [prop for prop in every if prop.IsA("vtkActor2D")]
        solid.sort(key=lambda prop: (-orders.get(prop, math.inf), -self._number[prop]))
        if over:  # areas that are seen through are painted over each other, the lowest first
            solid = [prop for prop in solid if prop not in laid] + [
                prop for prop in solid[::-1] if prop in laid
            ]
        wanted = [*solid, *over, *flat]
        if wanted != every:
            props.RemoveAllItems()  # not the renderer's own way, which frees what was uploaded
            for prop in wanted:
                props.AddItem(prop)
        self._sorted_at = props.GetMTime()

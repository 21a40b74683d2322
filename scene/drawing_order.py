"""What is on top is drawn first, so that nothing hidden costs the colouring of its pixels.

Signs of plans, seen through at their edges, are painted over each other, the lowest first, and so
are areas on the ground below them. Only where something else is seen through as well, whose
triangles come in no order, VTK's mixing by weights is asked for: it costs as much as half a city.
Signs are then drawn last of what is solid, so that neither plumes nor glass take their colours.

What hides everything behind it is drawn without mixing colours at all, and the sky last of what
is solid: it shows in the gaps alone.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

if TYPE_CHECKING:
    from scene.materials import Materials

_BLEND = 0x0BE2  # GL_BLEND of OpenGL


class DrawingOrder:
    """Keeps a renderer's solid things sorted: what stands, then what lies flat from the top down.

    Of two that lie equally high the one added last comes first. The depth test then throws away
    covered pixels before their colour is reckoned; on a software rasteriser this halves the time
    of a frame with ground, pictures and flat layers.

    Parameters
    ----------
    renderer : vtkRenderer
        Whose things are sorted.
    materials : Materials
        Knows the place in depth of everything that lies flat, what is painted over the rest, what
        hides all behind it and what is behind everything.
    """

    def __init__(self, renderer: Any, materials: Materials) -> None:
        self._renderer, self._materials = renderer, materials
        self._plainly, self._mixing = self._switch(on=False), self._switch(on=True)
        self._once = False  # whether what hides all behind it is still to be drawn in this frame
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
        self._once = True
        props = self._renderer.GetViewProps()
        if props.GetMTime() == self._sorted_at and clear == self._clear:
            return
        self._clear = clear
        every = [props.GetItemAsObject(i) for i in range(props.GetNumberOfItems())]
        for prop in every:
            if prop not in self._number:
                self._number[prop] = self._next
                self._next += 1
        painted, bare = self._materials.painted, self._materials.bare
        over = [prop for prop in every if prop in painted]
        over.sort(key=lambda prop: (painted[prop], self._number[prop]))
        solid = [p for p in every if p not in painted and not p.IsA("vtkActor2D")]
        orders = self._materials.orders()
        clear_ones = [prop for prop in solid if prop.HasTranslucentPolygonalGeometry()]
        laid = [prop for prop in clear_ones if prop in orders]
        mixed = not over or len(laid) < len(clear_ones)
        self._renderer.SetUseOIT(mixed)
        for prop in over:
            if painted[prop] > 0.0 and bool(prop.GetForceOpaque()) != mixed:
                prop.SetForceOpaque(mixed)
        flat = [prop for prop in every if prop.IsA("vtkActor2D")]
        solid.sort(key=lambda prop: (-orders.get(prop, math.inf), -self._number[prop]))
        hiding = [prop for prop in solid if prop in bare]
        last = [prop for prop in solid if prop is self._materials.backdrop]
        apart = {*hiding, *last, self._plainly, self._mixing}
        solid = [self._plainly, *hiding, self._mixing, *(p for p in solid if p not in apart), *last]
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

    def add(self, actor: Any) -> None:
        """Add something that hides everything behind it; quick, however much is there already."""
        self._materials.bare.add(actor)
        props = self._renderer.GetViewProps()
        if props.GetMTime() != self._sorted_at or actor.HasTranslucentPolygonalGeometry():
            self._renderer.AddActor(actor)
            return
        self._number[actor] = self._next
        self._next += 1
        props.InsertItem(0, actor)  # behind the switch that stands first
        self._sorted_at = props.GetMTime()

    def take_away(self, actor: Any) -> None:
        """Take away something that was added; what stays is in order as before."""
        props = self._renderer.GetViewProps()
        known = props.GetMTime() == self._sorted_at
        self._renderer.RemoveActor(actor)
        if known:
            self._sorted_at = props.GetMTime()

    def close(self) -> None:
        """Take away what it added."""
        for actor in (self._plainly, self._mixing):
            self._renderer.RemoveActor(actor)

    def _switch(self, *, on: bool) -> Any:
        """Add a thing that is not to be seen; when its turn comes, colours are mixed or not.

        Where VTK mixes by weights both are heard twice in a frame, the second time the other way
        round: from the first time on colours stay mixed.
        """
        mapper: Any = vtkPolyDataMapper()
        mapper.SetInputData(vtkPolyData())
        mine = weakref.ref(self)

        def turn(_caller: object, _event: str) -> None:
            order = mine()
            if order is None or not (on or order._once):
                return
            order._once = order._once and not on
            state = order._renderer.GetRenderWindow().GetState()
            (state.vtkglEnable if on else state.vtkglDisable)(_BLEND)

        mapper.AddObserver("StartEvent", turn)
        actor = vtkActor()
        actor.SetMapper(mapper)
        actor.SetPickable(False)
        actor.SetUseBounds(False)
        self._renderer.AddActor(actor)
        return actor

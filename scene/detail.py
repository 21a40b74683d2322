"""How much is drawn, how fast and how finely: the numbers of the level of detail in one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Fineness = Literal["quick", "usual", "fine"]


@dataclass(frozen=True, slots=True)
class Detail:
    """Limits of a stage; the defaults suit two cores without a graphics card and 8 GiB.

    Attributes
    ----------
    full : bool
        Whether everything in view is drawn with all its corners, whatever it costs.
    still_pixels, moving_pixels : float
        Error allowed on the screen while the eye rests and while it moves, pixels.
    still_triangles, moving_triangles : int
        Triangles of a frame; a point counts as two. Where a view needs more, the error grows.
    props : int
        Pieces drawn at once by one layer.
    uploads_moving, uploads_still : int
        Meshes handed to the card per frame while the eye moves, and between two frames at rest.
    mesh_bytes : int
        Bytes of meshes kept for one layer; those not seen for longest go first.
    workers : int
        Threads that make meshes.
    moving_seconds : float
        Time a frame may take while the eye moves; slower ones raise the error allowed.
    sharp_seconds : float
        The same for a frame with all its pixels: slower ones are drawn with fewer, so that sixty
        pictures a second are left room for what the window does besides.
    """

    full: bool = False
    still_pixels: float = 1.2
    moving_pixels: float = 2.5
    still_triangles: int = 1_400_000
    moving_triangles: int = 350_000
    props: int = 360
    uploads_moving: int = 3
    uploads_still: int = 16
    mesh_bytes: int = 400_000_000
    workers: int = 1
    moving_seconds: float = 0.014
    sharp_seconds: float = 0.009


FULL = Detail(full=True)


def detail_for(fineness: Fineness, megabytes: int) -> Detail:
    """Give the limits of a picture that somebody chose.

    Parameters
    ----------
    fineness : str
        ``"quick"`` for weak machines, ``"usual"``, ``"fine"`` for those with a graphics card.
    megabytes : int
        Memory for the meshes of one layer.
    """
    memory = Detail(mesh_bytes=megabytes * 1_000_000)
    if fineness == "quick":
        return replace(
            memory, still_pixels=2.0, moving_pixels=3.5,
            still_triangles=700_000, moving_triangles=200_000, props=240,
        )  # fmt: skip
    if fineness == "fine":
        return replace(
            memory, still_pixels=0.8, moving_pixels=1.5,
            still_triangles=6_000_000, moving_triangles=2_000_000, props=900,
        )  # fmt: skip
    return memory

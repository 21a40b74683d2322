"""Moving the eye: pure functions from one viewpoint to the next, pixels to rays and back.

Pixels count from the top left corner of the picture and are continuous: the middle of the first
pixel is (0.5, 0.5). Points are east, north, height in project coordinates, metres.

A picture may draw heights some times higher than they are (`Viewpoint.stretch`). All points and
rays are true ones nevertheless; axes and distances are those of the stretched picture.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from vtkmodules.vtkCommonTransforms import vtkTransform

from layers.shapes import Floats
from layers.viewpoint import Viewpoint, exaggerated
from scene.rays import Point, Ray

Size = tuple[int, int]

STEEPEST = math.pi / 2  # straight down, and straight up
NEAREST = 1.0  # metres to the point the eye turns around, at least
FARTHEST = 400_000.0  # metres to it, at most
KNEE_HIGH = 1.0  # metres the eye keeps above the ground


def across(one: Floats, other: Floats) -> Floats:
    """Give the way at right angles to two, (3,); NumPy's own takes ten times as long for one."""
    a, b, c = one.tolist()
    x, y, z = other.tolist()
    return np.array([b * z - c * y, c * x - a * z, a * y - b * x])


def axes(v: Viewpoint) -> Floats:
    """Give right, up and look of the eye as the rows of a rotation, (3, 3)."""
    look, up = np.array(v.direction), np.array(v.up)
    return np.array([across(look, up), up, look])


def half_height(v: Viewpoint) -> float:
    """Give half the picture's height at the distance one (parallel: at every distance), metres."""
    slope = math.tan(v.fov / 2)
    return slope * v.distance if v.projection == "parallel" else slope


def pixel_ray(v: Viewpoint, x: float, y: float, size: Size) -> Ray:
    """Give the line of sight through a pixel.

    Parameters
    ----------
    v : Viewpoint
        The eye.
    x, y : float
        Pixels from the top left corner.
    size : (int, int)
        Width and height of the picture, pixels.
    """
    width, height = size
    right, up, look = axes(v)
    half = half_height(v)
    side = (2.0 * x / width - 1.0) * half * width / height
    rise = (1.0 - 2.0 * y / height) * half
    eye = np.array([v.east, v.north, v.height])
    if v.projection == "parallel":
        start = side * right + rise * up - look * FARTHEST / 4  # nothing hides behind the eye
        along = true_way(v, look)
        return Ray(_point(eye + true_way(v, start)), _point(along / np.linalg.norm(along)))
    way = true_way(v, look + side * right + rise * up)
    return Ray(_point(eye), _point(way / np.linalg.norm(way)))


def true_way(v: Viewpoint, ways: ArrayLike) -> Floats:
    """Take the exaggeration off ways of the picture, (..., 3) metres."""
    return np.asarray(np.asarray(ways, dtype=np.float64) / (1.0, 1.0, v.stretch))


def drawn_way(v: Viewpoint, ways: ArrayLike) -> Floats:
    """Exaggerate true ways, (..., 3) metres, as the picture does."""
    return np.asarray(np.asarray(ways, dtype=np.float64) * (1.0, 1.0, v.stretch))


def stretched(v: Viewpoint, exaggeration: float, point: Point | None) -> Viewpoint:
    """Draw heights so many times higher.

    Parameters
    ----------
    v : Viewpoint
        The eye.
    exaggeration : float
        0.5 to 10.
    point : (east, north, height) or None
        What stays where it is in the picture, as far away as it looks; None leaves the eye where
        it is.
    """
    new = replace(v, exaggeration=exaggerated(exaggeration))
    if point is None:
        return new
    away = drawn_way(v, np.array([v.east, v.north, v.height]) - np.array(point))
    return _with_eye(new, np.array(point) + true_way(new, away))


def project_points(v: Viewpoint, points: ArrayLike, size: Size) -> Floats:
    """Give where points are in the picture.

    Parameters
    ----------
    v : Viewpoint
        The eye.
    points : (n, 3) array_like of float
        East, north, height, metres.
    size : (int, int)
        Width and height of the picture, pixels.

    Returns
    -------
    (n, 2) ndarray of float64
        Pixels from the top left corner, NaN for points behind the eye.
    """
    width, height = size
    seen = _seen(v, points)
    depth = seen[:, 2]
    half = half_height(v)
    if v.projection == "parallel":
        scale = np.full(len(seen), height / 2.0 / half)
    else:
        ahead = depth > 1e-9
        scale = np.where(ahead, height / 2.0 / half / np.where(ahead, depth, 1.0), np.nan)
    return np.column_stack([width / 2.0 + seen[:, 0] * scale, height / 2.0 - seen[:, 1] * scale])


def depths(v: Viewpoint, points: ArrayLike) -> Floats:
    """Give how far points lie ahead of the eye along its line of looking, (n,) metres."""
    return _seen(v, points)[:, 2]


def metres_per_pixel(v: Viewpoint, point: Point, size: Size) -> float:
    """Give the size of a pixel at a point, across the line of looking, metres."""
    half = half_height(v)
    if v.projection == "perspective":
        half *= max(float(depths(v, [point])[0]), 1e-6)
    return 2.0 * half / size[1]


def orbit(v: Viewpoint, turn: float, tilt: float, pivot: Point | None = None) -> Viewpoint:
    """Swing the eye around a point, which stays where it is in the picture.

    Parameters
    ----------
    v : Viewpoint
        The eye.
    turn : float
        Radians to add to the heading: positive swings the look clockwise.
    tilt : float
        Radians to add to the pitch: positive looks further up, the eye goes down.
    pivot : (east, north, height) or None
        The point; None takes the eye's target.
    """
    about = np.array(v.target if pivot is None else pivot)
    turned = look(v, turn, tilt)
    offset = axes(v) @ drawn_way(v, np.array([v.east, v.north, v.height]) - about)
    return _with_eye(turned, about + true_way(v, offset @ axes(turned)))


def look(v: Viewpoint, turn: float, tilt: float) -> Viewpoint:
    """Turn the head where the eye is: radians clockwise, radians up."""
    pitch = min(max(v.pitch + tilt, -STEEPEST), STEEPEST)
    return replace(v, heading=(v.heading + turn) % math.tau, pitch=pitch)


def pan(v: Viewpoint, grabbed: Point, x: float, y: float, size: Size) -> Viewpoint:
    """Shift the eye level so that a grabbed point comes under a pixel.

    Near and above the horizon, where the point would fly away, the eye shifts as if the pixel
    were where the sight still slopes down enough; from a level or rising look it shifts across
    the line of looking instead.

    Parameters
    ----------
    v : Viewpoint
        The eye.
    grabbed : (east, north, height)
        The point held.
    x, y : float
        The pixel it shall come under.
    size : (int, int)
        Width and height of the picture, pixels.
    """
    ray = pixel_ray(v, x, y, size)
    drop = grabbed[2] - ray.origin[2]
    way = np.array(ray.direction)
    away = float(depths(v, [grabbed])[0])
    steep = drop * way[2] > 0 and abs(way[2]) > 0.02
    if steep:
        under = np.array(ray.origin) + way * (drop / way[2])
        steep = v.projection == "parallel" or float(depths(v, [under])[0]) < 20 * max(away, 1.0)
    if not steep:
        held = project_points(v, [grabbed], size)[0]
        if not np.isfinite(held).all():
            return v
        right, up, _ = axes(v)
        pixel = metres_per_pixel(v, grabbed, size)
        shift = right * (held[0] - x) * pixel + up * (y - held[1]) * pixel
        return _with_eye(v, np.array([v.east, v.north, v.height]) + true_way(v, shift))
    shift = np.array(grabbed) - under
    return _with_eye(v, np.array([v.east, v.north, v.height]) + shift)


def zoom_at(v: Viewpoint, point: Point, factor: float) -> Viewpoint:
    """Bring the eye nearer to a point, which stays where it is in the picture.

    Parameters
    ----------
    v : Viewpoint
        The eye.
    point : (east, north, height)
        What stays under the cursor.
    factor : float
        New distance over old distance; below 1 goes nearer, never nearer than `NEAREST`.
    """
    about = np.array(point)
    eye = np.array([v.east, v.north, v.height])
    away = v.distance
    if v.projection == "perspective":
        away = float(np.linalg.norm(drawn_way(v, eye - about)))
        if away < 1e-6:
            return v
    if factor < 1.0:
        factor = min(1.0, max(factor, NEAREST / away))
    else:
        factor = max(1.0, min(factor, FARTHEST / away))
    distance = min(max(v.distance * factor, NEAREST), FARTHEST)
    return replace(_with_eye(v, about + (eye - about) * factor), distance=distance)


def fly(v: Viewpoint, ahead: float, right: float, rise: float) -> Viewpoint:
    """Move the eye level along its heading, sideways and up, metres."""
    sin, cos = math.sin(v.heading), math.cos(v.heading)
    return replace(
        v,
        east=v.east + ahead * sin + right * cos,
        north=v.north + ahead * cos - right * sin,
        height=v.height + rise,
    )


def centred(v: Viewpoint, point: Point, distance: float | None = None) -> Viewpoint:
    """Look at a point in the old direction, from the old distance unless another is given."""
    return Viewpoint.looking_at(
        point, v.distance if distance is None else max(distance, NEAREST), v.heading, v.pitch,
        fov=v.fov, projection=v.projection, exaggeration=v.exaggeration,
    )  # fmt: skip


def focused(v: Viewpoint, point: Point) -> Viewpoint:
    """Give the same picture with the turning point as far away as a point.

    A parallel picture stays as it is, since its scale hangs on the distance.
    """
    away = float(depths(v, [point])[0])
    if v.projection == "parallel" or away < NEAREST:
        return v
    return replace(v, distance=min(away, FARTHEST))


def above(v: Viewpoint, ground: float, clearance: float = KNEE_HIGH) -> Viewpoint:
    """Lift the eye where it is below the ground or nearer to it than the clearance, metres."""
    return v if v.height >= ground + clearance else replace(v, height=ground + clearance)


def framed(v: Viewpoint, points: ArrayLike, size: Size, margin: float = 0.04) -> Viewpoint:
    """Go as near as points stay in the picture, looking in the old direction.

    Parameters
    ----------
    v : Viewpoint
        Gives direction, projection and field of view.
    points : (n, 3) array_like of float
        What shall be in the picture, such as the corners of a box; at least one.
    size : (int, int)
        Width and height of the picture, pixels.
    margin : float
        Share of the picture left free on each side, at least.
    """
    xyz = np.asarray(points, dtype=np.float64).reshape(-1, 3)
    middle = (xyz.min(axis=0) + xyz.max(axis=0)) / 2
    seen = drawn_way(v, xyz - middle) @ axes(v).T
    slope = math.tan(v.fov / 2) * (1.0 - 2.0 * margin)
    slopes = np.array([slope * size[0] / size[1], slope])
    if v.projection == "parallel":
        low, high = seen[:, :2].min(axis=0), seen[:, :2].max(axis=0)
        across, away = (low + high) / 2, float(((high - low) / 2 / slopes).max())
    else:  # the planes of the view through the outermost points meet in the eye
        high = (seen[:, :2] - slopes * seen[:, 2:]).max(axis=0)
        low = (seen[:, :2] + slopes * seen[:, 2:]).min(axis=0)
        across, away = (low + high) / 2, float(((high - low) / 2 / slopes).max())
    right, up, _ = axes(v)
    target = middle + true_way(v, right * across[0] + up * across[1])
    return centred(v, _point(target), max(away, 10.0))


def with_projection(v: Viewpoint, projection: str) -> Viewpoint:
    """Change between perspective and parallel; what is at the turning point keeps its size."""
    return replace(v, projection="parallel" if projection == "parallel" else "perspective")


def apply(v: Viewpoint, camera: Any, origin: Floats) -> None:
    """Set a vtkCamera to a viewpoint; near and far stay as they are.

    What is drawn keeps its true coordinates: the exaggeration is part of the camera's view.

    Parameters
    ----------
    v : Viewpoint
        The eye, project coordinates.
    camera : vtkCamera
        What is set.
    origin : (3,) ndarray of float64
        Project coordinates of the scene's zero point.
    """
    eye = np.array([v.east, v.north, v.height]) - origin
    rotation = axes(v) * [[1.0], [1.0], [-1.0]]  # VTK looks along its negative third axis
    focus = eye + np.array(v.direction) * v.distance
    camera.SetPosition(*eye)
    camera.SetFocalPoint(*focus)
    camera.SetViewUp(*v.up)
    camera.SetUseHorizontalViewAngle(False)
    camera.SetViewAngle(math.degrees(v.fov))
    camera.SetParallelProjection(v.projection == "parallel")
    camera.SetParallelScale(math.tan(v.fov / 2) * v.distance)
    _set_stretch(camera, rotation, v.stretch)


def _seen(v: Viewpoint, points: ArrayLike) -> Floats:
    """Give points as right, up, ahead of the eye, (n, 3)."""
    xyz = np.asarray(points, dtype=np.float64).reshape(-1, 3)
    return np.asarray(drawn_way(v, xyz - np.array([v.east, v.north, v.height])) @ axes(v).T)


def _set_stretch(camera: Any, rotation: Floats, stretch: float) -> None:
    """Let a vtkCamera draw heights higher, around its own height."""
    if stretch == 1.0:
        camera.SetUserViewTransform(None)
        return
    matrix = np.eye(4)
    matrix[:3, :3] = rotation * (1.0, 1.0, stretch) @ rotation.T
    transform = vtkTransform()
    transform.SetMatrix(matrix.ravel())
    camera.SetUserViewTransform(transform)


def _with_eye(v: Viewpoint, eye: Floats) -> Viewpoint:
    return replace(v, east=float(eye[0]), north=float(eye[1]), height=float(eye[2]))


def _point(vector: Floats) -> Point:
    return float(vector[0]), float(vector[1]), float(vector[2])

"""Kerb stones stand over the street; lamps glow and light the ground at night alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.kinds import KINDS
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Floats, Shapes
from layers.viewpoint import View, Viewpoint
from scene import frames
from scene.offscreen import PictureRequest, Studio
from scene.pixel_marks import RoundMarks
from scene.street_fittings import GLOW, KERB_WIDE, kerb_body
from scene.unseen import unseen_window
from tests.scene.cities import SOUTH, WEST, project_with


def hill(places: Floats) -> Floats:
    return np.asarray(10.0 + 0.05 * places[:, 0])


def test_kerb_stones_follow_the_ground_and_look_outwards() -> None:
    corners, first = np.array([[0.0, 0.0], [20.0, 0.0]]), np.array([0, 2])
    points, triangles = kerb_body(corners, first, hill, 0.17)
    over = points[:, 2] - hill(points[:, :2])
    assert over.max() == pytest.approx(0.17)
    assert np.abs(points[:, 1]).max() == pytest.approx(KERB_WIDE / 2.0)
    assert len(np.unique(points[:, 0].round(6))) == 5  # every five metres
    a, b, c = (points[triangles[:, i]] for i in range(3))
    normal, middle = np.cross(b - a, c - a), (a + b + c) / 3.0
    side = np.abs(normal[:, 1]) > np.abs(normal[:, 2])
    assert (normal[~side, 2] > 0).all()
    assert (normal[side, 1] * middle[side, 1] > 0).all()


def test_no_lines_give_no_stones() -> None:
    points, triangles = kerb_body(np.empty((0, 2)), np.zeros(1, dtype=np.int64), hill, 0.15)
    assert len(points) == len(triangles) == 0


@pytest.mark.picture
def test_lamps_light_the_street_at_night_and_only_then() -> None:
    line = shapely.LineString([(WEST - 100, SOUTH), (WEST + 100, SOUTH)])
    table = pa.table({"highway": ["primary"], "lanes": ["4"]})
    roads = Features.of(Shapes.from_shapely([line]), table)
    style = KINDS["roads"].style
    from dataclasses import replace

    project: Project = project_with_nothing()
    project.insert_layer(
        Layer("roads", "Roads", roads, style=replace(style, built=True, lamps=40.0))
    )
    eye = Viewpoint.looking_at((WEST, SOUTH, 0.0), 120.0, 0.0, math.radians(-60))
    with Studio(project) as studio:
        shots = {
            look: studio.picture(PictureRequest(View("", eye, look=look), (320, 240))).pixels
            for look in ("night", "attributes")
        }
        dark = replace(style, built=True, lamps=0.0)
        project.layers[-1].style = dark
        for look, shot in shots.items():
            bare = studio.picture(PictureRequest(View("", eye, look=look), (320, 240))).pixels
            more = shot[..., :3].astype(int) - bare[..., :3]
            warm = (more[..., 0] > 15) & (more[..., 0] > more[..., 2] + 4)
            assert bool(warm.mean() > 0.02) is (look == "night")


@pytest.mark.picture
def test_lamps_far_away_stay_points_and_near_ones_have_halos_of_metres() -> None:
    heads = np.array([[30.0 * i, 0.0, 0.0] for i in range(-40, 41)])
    lit = []
    with unseen_window_of(heads) as (plotter, marks):
        for away in (60.0, 600.0, 3000.0):
            camera = plotter.renderer.GetActiveCamera()
            camera.SetPosition(0.0, -0.02, away)
            camera.SetFocalPoint(0.0, 0.0, 0.0)
            camera.SetViewUp(0.0, 1.0, 0.0)
            camera.SetClippingRange(1.0, 10_000.0)
            for mark in marks:
                mark.prepare(frames.state(plotter.renderer), 1.0)
            plotter.render_window.Render()
            row = np.asarray(plotter.screenshot(None, return_img=True))[..., 0].max(axis=0)
            lit.append(float((row > 60).mean()))
    assert lit[0] > 0.1  # a halo of metres is large near the eye
    assert lit[1] < 0.35
    assert lit[2] < 0.75  # dark gaps between lamps that are few pixels apart


@contextmanager
def unseen_window_of(heads: Floats) -> Iterator[tuple[Any, list[RoundMarks]]]:
    plotter = unseen_window((320, 240))
    plotter.set_background("black")
    marks = []
    for metres, least, opacity, soft in GLOW:
        mark = RoundMarks(heads, least, pull=0.002, metres=metres, soft=soft)
        mark.actor.ForceTranslucentOn()
        mark.actor.GetProperty().SetOpacity(opacity)
        plotter.renderer.AddActor(mark.actor)
        marks.append(mark)
    yield plotter, marks
    plotter.close()


def project_with_nothing() -> Project:
    from layers.kinds.buildings import Buildings

    far = Shapes.from_shapely([shapely.box(WEST + 400, SOUTH + 400, WEST + 410, SOUTH + 410)])
    return project_with(Buildings.blocks(far, 5.0))[0]

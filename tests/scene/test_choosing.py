"""Every spot in view is drawn once: no hole, nothing twice, coarse until the fine is there."""

from __future__ import annotations

import numpy as np

from layers.shapes import Bools, Floats
from scene.choosing import WHOLE, Choice, Eye, Pieces, choose
from scene.merged import Merged
from scene.meshing import BlockMesher
from scene.piece_meshes import Source, pieces_of
from scene.quadtree import Quadtree
from tests.scene.cities import SOUTH, WEST, city

ORIGIN = np.array([WEST, SOUTH, 0.0])


def town(count: int = 1500, leaf: int = 60) -> Pieces:
    """Give the pieces of a town with small leaves."""
    data = city(count)
    mesher = BlockMesher(data, np.zeros(count))
    tree = Quadtree.of(mesher.plans.places, leaf)
    merged = Merged(tree, mesher.solids)
    source = Source(mesher, mesher.boxes(), np.arange(count), tree, merged, count)
    return pieces_of(source, ORIGIN)


def eye_at(place: Floats, heading: float, pitch: float = -0.6, half: float = 0.6) -> Eye:
    """Give an eye with a square view."""
    look = np.array(
        [np.sin(heading) * np.cos(pitch), np.cos(heading) * np.cos(pitch), np.sin(pitch)]
    )
    right = np.cross(look, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    up = np.cross(right, look)
    normals = [
        np.cos(half) * s * side + np.sin(half) * look for side in (right, up) for s in (1, -1)
    ]
    planes = [[*n, -float(n @ place)] for n in normals]
    return Eye(np.array(planes), place, 500.0 / np.tan(half), False)


def whole_view(pieces: Pieces) -> Eye:
    """Give an eye that sees everything from high above."""
    planes = np.tile([0.0, 0.0, 0.0, 1.0], (4, 1))
    return Eye(planes, np.array([600.0, 600.0, 800.0]), 800.0, False)


def times_drawn(pieces: Pieces, shown: Bools) -> list[int]:
    """Give how many shown pieces stand over each whole leaf."""
    out = []
    for piece in np.flatnonzero(pieces.kind == WHOLE):
        count, at = 0, int(piece)
        while at >= 0:
            count += int(shown[at])
            at = int(pieces.parent[at])
        out.append(count)
    return out


def seen(pieces: Pieces, eye: Eye) -> Bools:
    """Say which pieces the planes of a view let through."""
    low, high = pieces.low, pieces.high
    out = np.isfinite(low[:, 0])
    for plane in eye.planes:
        corner = np.where(plane[:3] > 0, high[out], low[out])
        out[out] = corner @ plane[:3] + plane[3] >= 0
    return np.asarray(out)


def check(pieces: Pieces, eye: Eye, choice: Choice, *, rooted: bool = True) -> None:
    """What is in view is drawn once; nothing is drawn twice."""
    inside = seen(pieces, eye)
    wholes = np.flatnonzero(pieces.kind == WHOLE)
    times = times_drawn(pieces, choice.shown)
    assert max(times) <= 1
    if rooted:
        assert all(count == 1 for piece, count in zip(wholes, times, strict=True) if inside[piece])


def test_a_random_walk_with_tiles_that_come_late_has_no_hole_and_draws_nothing_twice() -> None:
    pieces = town()
    rng = np.random.default_rng(3)
    ready = np.zeros(len(pieces), dtype=bool)
    ready[0] = True
    split = np.zeros(len(pieces), dtype=bool)
    place, heading = np.array([600.0, -200.0, 200.0]), 0.0
    for _ in range(300):
        place = place + rng.normal(0, [40, 40, 15])
        place[2] = np.clip(place[2], 20, 900)
        heading += rng.normal(0, 0.2)
        eye = eye_at(place, heading)
        choice = choose(pieces, eye, ready, split, 2.0)
        check(pieces, eye, choice)
        assert ready[choice.shown].all()
        split = choice.split
        missing = np.flatnonzero(choice.wanted & ~ready)
        ready[rng.permutation(missing)[:3]] = True
        loaded = np.flatnonzero(ready & ~choice.shown)
        ready[rng.permutation(loaded[loaded > 0])[:1]] = False  # dropped to make room


def test_the_parent_stays_until_all_children_are_there() -> None:
    pieces = town()
    eye = whole_view(pieces)
    none = np.zeros(len(pieces), dtype=bool)
    ready = none.copy()
    ready[0] = True
    kids = pieces.child[0] + np.arange(pieces.children[0])
    for kid in kids[:-1]:
        ready[kid] = True
        assert choose(pieces, eye, ready, none, 1.0).shown[0]
    ready[kids[-1]] = True
    choice = choose(pieces, eye, ready, none, 1.0)
    assert not choice.shown[0]
    assert choice.shown[kids].all()


def test_finer_pieces_stay_until_the_coarse_one_is_there() -> None:
    pieces = town()
    eye = whole_view(pieces)
    none = np.zeros(len(pieces), dtype=bool)
    fine = pieces.kind == WHOLE
    choice = choose(pieces, eye, fine, none, 1e3)
    assert choice.wanted[0]
    assert choice.shown[fine & np.isfinite(pieces.low[:, 0])].all()
    check(pieces, eye, choice)


def test_what_was_refined_stays_so_a_little_longer() -> None:
    pieces = town()
    eye = whole_view(pieces)
    ready = np.ones(len(pieces), dtype=bool)
    none = np.zeros(len(pieces), dtype=bool)
    pixels = pieces.error[0] * eye.pixels / choose(pieces, eye, ready, none, 1.0).away[0]
    assert choose(pieces, eye, ready, none, pixels * 0.99).split[0]
    was = none.copy()
    was[0] = True
    assert not choose(pieces, eye, ready, none, pixels * 1.1).split[0]
    assert choose(pieces, eye, ready, was, pixels * 1.1).split[0]
    assert not choose(pieces, eye, ready, was, pixels * 1.5).split[0]


def test_budgets_make_the_picture_coarser_and_full_detail_has_none() -> None:
    pieces = town()
    eye = whole_view(pieces)
    ready, none = np.ones(len(pieces), dtype=bool), np.zeros(len(pieces), dtype=bool)
    free = choose(pieces, eye, ready, none, 0.5)
    tight = choose(pieces, eye, ready, none, 0.5, 3000.0, 20)
    assert tight.limit > free.limit
    assert pieces.cost[tight.wanted].sum() <= 3000.0
    assert tight.wanted.sum() <= 20
    check(pieces, eye, tight)
    full = choose(pieces, eye, ready, none, 0.0, 3000.0, 20)
    assert (pieces.kind[full.shown] == WHOLE).all()


def test_haze_lets_far_pieces_be_coarser() -> None:
    pieces = town()
    clear = whole_view(pieces)
    hazy = Eye(clear.planes, clear.place, clear.pixels, False, haze=500.0)
    ready, none = np.ones(len(pieces), dtype=bool), np.zeros(len(pieces), dtype=bool)
    cost = [pieces.cost[choose(pieces, eye, ready, none, 1.0).shown].sum() for eye in (clear, hazy)]
    assert cost[1] < cost[0]

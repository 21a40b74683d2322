"""Nodes and cells of a tree are runs of one order, and squares of the ground."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.shapes import Floats
from scene.quadtree import LEAF, Cells, Quadtree


def places(count: int, seed: int = 1) -> Floats:
    """Give places in a city that is dense in the middle."""
    return np.random.default_rng(seed).normal((500_000, 4_000_000), (3000, 1500), (count, 2))


@pytest.mark.parametrize("count", [0, 1, 2, LEAF, LEAF + 1, 30_000])
def test_every_place_is_in_one_leaf_and_no_leaf_is_overfull(count: int) -> None:
    tree = Quadtree.of(places(count))
    leaves = tree.leaves
    assert int((tree.end - tree.start)[leaves].sum()) == count
    assert (tree.end - tree.start)[leaves].max() <= LEAF
    assert sorted(tree.order.tolist()) == list(range(count))
    assert len(tree.leaf_of()) == count


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2000), st.integers(1, 40), st.integers(0, 1000))
def test_children_are_the_parent_cut_in_four(count: int, most: int, seed: int) -> None:
    where = np.random.default_rng(seed).integers(0, 30, (count, 2)).astype(float)
    tree = Quadtree.of(where, most)
    for node in np.flatnonzero(tree.children):
        kids = tree.child[node] + np.arange(tree.children[node])
        assert (tree.parent[kids] == node).all()
        assert (kids > node).all()
        assert tree.start[kids[0]] == tree.start[node]
        assert tree.end[kids[-1]] == tree.end[node]
        np.testing.assert_array_equal(tree.start[kids[1:]], tree.end[kids[:-1]])
        assert (tree.side[kids] == tree.side[node] / 2).all()


def test_the_members_of_a_node_lie_in_its_square() -> None:
    where = places(20_000)
    tree = Quadtree.of(where)
    for node in range(len(tree)):
        rows = tree.order[tree.start[node] : tree.end[node]]
        if len(rows):
            assert np.ptp(where[rows], axis=0).max() <= tree.side[node] * (1 + 1e-9)


def test_places_that_are_all_the_same_make_a_deep_tree_that_ends() -> None:
    tree = Quadtree.of(np.zeros((5000, 2)))
    assert int((tree.end - tree.start)[tree.leaves].sum()) == 5000


def test_the_cells_of_a_node_are_its_members_in_small_squares() -> None:
    where = places(20_000)
    tree = Quadtree.of(where)
    cells = Cells.of(tree)
    for node in range(len(tree)):
        span = np.arange(cells.first[node], cells.first[node + 1])
        assert (len(span) > 0) == (tree.children[node] > 0)
        assert len(span) <= 1024
        if len(span) == 0:
            continue
        assert cells.start[span[0]] == tree.start[node]
        assert cells.end[span[-1]] == tree.end[node]
        np.testing.assert_array_equal(cells.start[span[1:]], cells.end[span[:-1]])
        for cell in span[:20]:
            rows = tree.order[cells.start[cell] : cells.end[cell]]
            assert np.ptp(where[rows], axis=0).max() <= tree.side[node] / 32 * (1 + 1e-6)

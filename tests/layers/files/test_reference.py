from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.files.reference import Reference, frame_for, rounded_origin, settle
from layers.files.system_guesses import guesses
from layers.files.systems import horizontal
from layers.frame import CityGrid, Frame, reproject
from layers.shapes import Floats

WUHAN = np.array([[114.30, 30.58], [114.31, 30.60]])
PROJECT = Frame("EPSG:4547", (528_800.0, 3_384_900.0))


def in_system(crs: str) -> Floats:
    return reproject(WUHAN, "EPSG:4326", crs)


def test_what_the_file_says_is_believed_where_the_numbers_fit() -> None:
    for crs in ("EPSG:4326", "EPSG:4547", "EPSG:4526", "EPSG:3857", "EPSG:32650"):
        reference = settle(in_system(crs), crs)
        assert (reference.crs, reference.swapped, reference.notes) == (crs, False, ())


def test_what_the_user_says_wins_and_the_difference_is_told() -> None:
    reference = settle(in_system("EPSG:4547"), "EPSG:2383", asked="4547")
    assert reference.crs == "EPSG:4547"
    assert [note.key for note in reference.notes] == ["crs_overridden"]
    assert settle(WUHAN, "EPSG:4326", asked="EPSG:4326").notes == ()


def test_nothing_is_guessed_in_silence() -> None:
    with pytest.raises(CityError) as caught:
        settle(WUHAN, None, where="town.shp")
    assert caught.value.code == "import.no_crs"
    assert caught.value.facts["proposal"] == "EPSG:4326"
    assert "--crs EPSG:4326" in caught.value.hint
    assert "town.shp" in str(caught.value)


@pytest.mark.parametrize(
    ("crs", "looks"),
    [
        ("EPSG:4526", "zone"), ("EPSG:4547", "metric"), ("EPSG:4326", "degrees"),
        ("EPSG:3857", "mercator"),
    ],
)  # fmt: skip
def test_the_right_system_is_among_the_proposals(crs: str, looks: str) -> None:
    with pytest.raises(CityError) as caught:
        settle(in_system(crs), None)
    assert crs in str(caught.value.facts["proposals"])
    assert caught.value.facts["looks"] == looks
    with pytest.raises(CityError) as caught:
        settle(in_system(crs), None, frame=PROJECT)
    assert crs in str(caught.value.facts["proposals"])


def test_six_degree_zones_and_northings_first_are_recognised() -> None:
    assert guesses(in_system("EPSG:4498"))[0].crs == "EPSG:4498"
    guess = guesses(in_system("EPSG:4526")[:, ::-1])[0]
    assert (guess.crs, guess.swapped) == ("EPSG:4526", True)
    with pytest.raises(CityError, match="zone") as caught:
        settle(in_system("EPSG:4526")[:, ::-1], None)
    assert "--swap-axes" in caught.value.hint


def test_numbers_near_the_project_propose_its_own_system() -> None:
    assert guesses(in_system("EPSG:4547"), PROJECT)[0].reason == "project"
    assert guesses(np.array([[120.0, 80.0]])) == guesses(np.array([[120.0, 80.0]]))
    assert guesses(np.empty((0, 2))) == ()


def test_numbers_of_a_local_system_give_no_proposal() -> None:
    with pytest.raises(CityError, match="local system") as caught:
        settle(np.array([[1000.0, 2000.0], [1500.0, 2500.0]]), None)
    assert caught.value.facts["proposal"] == "none"


@pytest.mark.parametrize(
    ("numbers", "told", "proposal"),
    [
        (np.array([[305_000.0, 2_770_000.0]]), "EPSG:4326", "EPSG:3826"),
        (in_system("EPSG:4526"), "EPSG:4547", "EPSG:4526"),
        (in_system("EPSG:4547"), "EPSG:4526", "EPSG:4547"),
        (WUHAN, "EPSG:4547", "EPSG:4326"),
    ],
)
def test_a_system_in_which_the_numbers_cannot_be_is_refused(
    numbers: Floats, told: str, proposal: str
) -> None:
    with pytest.raises(CityError) as caught:
        settle(numbers, told)
    assert caught.value.code == "import.crs_wrong"
    assert proposal in str(caught.value.facts["proposals"])


def test_axes_are_swapped_where_that_is_clearly_right_and_told() -> None:
    for crs in ("EPSG:4326", "EPSG:4547", "EPSG:4526", "EPSG:32650"):
        reference = settle(in_system(crs)[:, ::-1], crs)
        assert reference.swapped
        assert [note.key for note in reference.notes] == ["axes_swapped"]
        there = reference.to(PROJECT)(in_system(crs)[:, ::-1])
        np.testing.assert_allclose(there, in_system("EPSG:4547"), atol=1e-3)


def test_axes_stay_where_the_user_says_so() -> None:
    assert settle(np.array([[47.1, 9.5]]), "EPSG:4326", swap=True).swapped
    with pytest.raises(CityError, match="cannot be in") as caught:
        settle(WUHAN[:, ::-1], "EPSG:4326", swap=False)
    assert "--swap-axes" in caught.value.hint
    with pytest.raises(CityError, match="cannot be in"):
        settle(WUHAN, "EPSG:4326", swap=True)


def test_swapped_degrees_show_by_the_project_they_belong_to_and_by_the_sea() -> None:
    urumqi = np.array([[43.8, 87.6]])  # latitude first; as it stands it lies in the Arctic
    assert settle(urumqi, "EPSG:4326").swapped
    assert settle(urumqi, "EPSG:4326").notes[0].key == "axes_swapped"
    moscow = np.array([[55.75, 37.6]])  # as it stands it lies on land, in Iran
    assert not settle(moscow, "EPSG:4326").swapped
    frame, _ = frame_for(Reference("EPSG:4326"), moscow[:, ::-1])
    assert settle(moscow, "EPSG:4326", frame=frame).swapped
    at_sea, _ = frame_for(Reference("EPSG:4326"), np.array([[48.1, 11.6]]))
    assert not settle(np.array([[48.13, 11.57]]), "EPSG:4326", frame=at_sea).swapped


def test_data_partly_outside_the_area_is_told() -> None:
    far = np.vstack([WUHAN, [[np.nan, 1.0]]])
    coords = np.vstack(
        [in_system("EPSG:4547"), reproject([[121.4, 31.2]], "EPSG:4326", "EPSG:4547")]
    )
    reference = settle(coords, "EPSG:4547")
    assert [note.key for note in reference.notes] == ["outside_area"]
    assert settle(far, "EPSG:4326").notes == ()


def test_heights_in_a_system_name_the_datum() -> None:
    assert horizontal("EPSG:7415") == ("EPSG:28992", "NAP height")
    assert horizontal("EPSG:4979")[0] == "EPSG:4326"
    with pytest.raises(CityError, match="geocentric"):
        horizontal("EPSG:4978")


def test_the_first_data_propose_the_project_system() -> None:
    frame, note = frame_for(Reference("EPSG:4326"), WUHAN)
    assert frame.crs == "EPSG:4547"
    assert note is not None
    assert note.key == "crs_proposed"
    east, north = in_system("EPSG:4547").mean(axis=0)
    assert math.hypot(frame.origin[0] - east, frame.origin[1] - north) < 100
    assert frame.origin[0] % 100 == 0


def test_a_sensible_metric_system_of_the_file_is_kept() -> None:
    for crs in ("EPSG:4547", "EPSG:4526", "EPSG:32650"):
        frame, note = frame_for(Reference(crs), in_system(crs))
        assert (frame.crs, note) == (crs, None)
    for crs in ("EPSG:3857", "EPSG:4326"):
        frame, note = frame_for(Reference(crs), in_system(crs))
        assert frame.crs == "EPSG:4547"
        assert note is not None


def test_a_system_in_feet_gives_way_to_metres() -> None:
    kentucky = reproject([[-85.0, 37.9]], "EPSG:4326", "EPSG:3547")
    frame, _ = frame_for(Reference("EPSG:3547"), kentucky)
    assert frame.crs == "EPSG:32616"


def test_without_coordinates_no_system_can_be_proposed() -> None:
    with pytest.raises(CityError, match="no coordinates"):
        frame_for(Reference("EPSG:4326"), np.empty((0, 2)))


def test_the_city_grid_needs_a_project_that_has_one() -> None:
    grid = CityGrid(-500_000.0, -3_380_000.0, math.radians(3.0))
    frame = Frame("EPSG:4547", PROJECT.origin, grid)
    east_north = in_system("EPSG:4547")
    reference = settle(grid.to_grid(east_north), None, asked="city-grid", frame=frame)
    np.testing.assert_allclose(reference.to(frame)(grid.to_grid(east_north)), east_north)
    for other in (None, PROJECT):
        with pytest.raises(CityError, match="no city grid"):
            settle(WUHAN, None, asked="city-grid", frame=other)


def test_what_cannot_be_carried_comes_back_as_infinity() -> None:
    there = Reference("EPSG:4326").to(PROJECT)(np.array([[114.0, 30.0], [1e6, 1e6]]))
    assert np.isfinite(there[0]).all()
    assert not np.isfinite(there[1]).all()


@settings(deadline=None, max_examples=50)
@given(st.floats(74, 134), st.floats(18, 53))
def test_any_place_in_china_finds_its_way_into_its_own_zone(lon: float, lat: float) -> None:
    place = np.array([[lon, lat]])
    frame, _ = frame_for(Reference("EPSG:4326"), place)
    there = Reference("EPSG:4326").to(frame)(place)
    assert np.abs(there[0] - frame.origin).max() <= 50.0 + 1e-6
    np.testing.assert_allclose(frame.lonlat(there), place, atol=1e-7)
    assert rounded_origin(*there[0]) == frame.origin

"""Pictures from the interface: the claim itself is looked at, no stored picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import api
from app.pictures import Order, Painter, furniture_of, view_of, words_of
from app.wording import Wording
from layers.errors import CityError
from layers.viewpoint import View

pytestmark = pytest.mark.picture
SIZE = (320, 200)


def test_an_order_becomes_a_view_with_its_hidden_layers(town_file: Path) -> None:
    with api.open_project(town_file, read_only=True) as city:
        ids = {layer.name: layer.id for layer in city.layers}
        city.hide("Streets")
        view = view_of(city.project, Order(view=city.views[0]))
        assert (view.name, view.note, view.hidden) == ("鸟瞰", "from the south", (ids["Streets"],))
        both = Order(view=city.views[0], hide=("buildings",), show=("Streets",), moment="m")
        assert view_of(city.project, both).hidden == (ids["Buildings"],)
        assert view_of(city.project, both).moment == "m"
        fixed = View("v", city.views[0].camera, (ids["Buildings"],))
        assert view_of(city.project, Order(view=fixed)).hidden == (ids["Buildings"],)
        assert view_of(city.project, Order(name="all")).camera != city.views[0].camera
        with pytest.raises(CityError, match="no layer"):
            view_of(city.project, Order(hide=("none",)))


def test_the_furniture_speaks_the_language_and_names_view_and_project(town_file: Path) -> None:
    with api.open_project(town_file, read_only=True) as city:
        made = furniture_of(city.project, city.views[0], Wording("zh-CN"))
        assert (made.title, made.subtitle, made.caption) == ("鸟瞰", "小镇", "from the south")
        assert made.words.legend == "图例"
        assert furniture_of(city.project, city.views[0], Wording("en"), "T").subtitle == ""
        assert furniture_of(city.project, city.views[0], Wording("en"), "").title == ""


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_words_have_the_places_that_the_drawing_fills(locale: str) -> None:
    words = words_of(Wording(locale))
    assert words.position.format(east="1", north="2", height="3").count("{") == 0
    assert "7" in words.more.format(count=7)
    assert "{heading}" in words.direction
    assert "{date}" in words.moment


def test_a_picture_shows_what_was_asked_for_and_tells_of_itself(
    town_file: Path, tmp_path: Path
) -> None:
    with api.open_project(town_file, read_only=True) as city:
        city.style("Buildings", colour="#d02020", outline=None)
        with Painter(city.project) as painter:
            bare = Order(view=city.views[0], size=SIZE, furniture=False)
            first = painter.paint(bare)
            again = painter.paint(bare)
            without = painter.paint(
                Order(view=city.views[0], size=SIZE, furniture=False, hide=("buildings",))
            )
            clear = painter.paint(
                Order(view=city.views[0], size=SIZE, furniture=False, transparent=True)
            )
            furnished = painter.paint(Order(view=city.views[0], size=SIZE))
    assert first.pixels.shape == (200, 320, 4)
    assert np.array_equal(first.pixels, again.pixels)

    def red(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
        colours = pixels.astype(int)
        return float((colours[..., 0] - colours[..., 1] > 60).mean())

    assert red(first.pixels) > 0.03
    assert red(without.pixels) < 0.001
    assert (first.pixels[..., 3] == 255).all()
    assert 0.05 < (clear.pixels[..., 3] == 0).mean() < 0.95
    assert (furnished.pixels != first.pixels).any(axis=2).mean() > 0.05
    first.save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == SIZE
        facts = image.text  # type: ignore[attr-defined]  # PNG files have it
    assert facts["Citystage:view"] == "鸟瞰"
    assert facts["Citystage:project"] == "小镇"
    assert facts["Citystage:crs"] == "EPSG:4547"
    assert facts["Software"].startswith("citystage")

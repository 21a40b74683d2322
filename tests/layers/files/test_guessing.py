from __future__ import annotations

import pytest

from layers.files.guessing import accepts, guess_kind


@pytest.mark.parametrize(
    ("name", "geometry", "fields", "kind"),
    [
        ("房屋建筑", "polygon", [], "buildings"),
        ("buildings_2024", "polygon", [], "buildings"),
        ("shanghaiwaitan", "polygon", ["Id", "Floor"], "buildings"),
        ("x", "surface", [], "buildings"),
        ("黄浦区_绿地", "polygon", ["NAME"], "greenery"),
        ("黄浦区-水域", "polygon", ["NAME"], "water"),
        ("上海主城区地铁", "line", ["NAME"], "rail"),
        ("subway", "line", [], "rail"),
        ("外滩街道边界", "polygon", ["NAME"], "districts"),
        ("区县界_area", "polygon", [], "districts"),
        ("G0104", "polygon", ["使用分", "建蔽率"], "districts"),
        ("六线控制线", "line", [], "control-lines"),
        ("CDD_ZoningDistricts", "polygon", ["ZCODE"], "districts"),
        ("TRANS_Centerlines", "line", ["Street_Name"], "roads"),
        ("道路中心线", "line", [], "roads"),
        ("INFRA_StreetLights", "point", ["PoleID"], "places"),
        ("行道树", "point", [], "trees"),
        ("INFRA_Hydrants", "point", ["HYDRANT_ID"], "places"),
        ("lines", "line", ["highway"], "roads"),
        ("FEMA_FloodPlains", "polygon", [], "water"),
        ("pipes", "line", ["diameter"], "pipes"),
        ("sz", "polygon", ["centroid_x", "qh"], "features"),
        ("建筑", "point", [], "places"),
        ("a", "polygon", ["h"], "features"),
        ("建筑", "unknown", ["Layer"], "buildings"),
    ],
)
def test_names_fields_and_shapes_propose_a_kind(
    name: str, geometry: str, fields: list[str], kind: str
) -> None:
    assert guess_kind(name, geometry, fields) == kind


def test_kinds_take_the_shapes_they_can_hold() -> None:
    assert accepts("buildings", "polygon")
    assert accepts("buildings", "surface")
    assert accepts("buildings", "line")  # closed lines of drawings
    assert not accepts("buildings", "point")
    assert accepts("roads", "line+polygon")
    assert not accepts("trees", "polygon")
    assert accepts("trees", "unknown")
    assert not accepts("terrain", "polygon")

"""Shading files say where their code goes, and the loader puts it there."""

from __future__ import annotations

from importlib.resources import files

import pytest

import shaders
from scene.shading import set_uniform, shader_property

NAMES = sorted(
    path.name.removesuffix(".glsl")
    for path in files(shaders).iterdir()
    if path.name.endswith(".glsl")
)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_explains_itself_and_has_sections(name: str) -> None:
    text = files(shaders).joinpath(f"{name}.glsl").read_text(encoding="utf-8")
    head = text.split("//--")[0]
    assert head.startswith("//")
    assert "Cost" in head
    assert len(shaders.sections(name)) == text.count("//--") > 0
    assert all(code.strip() for code in shaders.sections(name).values())


def test_sections_of_one_place_are_joined_in_order() -> None:
    both = shaders.merged("select", "blocks")
    place = both["vertex", "PositionVC::Impl"]
    assert place.index("buildingSlot") < place.index("fromEye = ")
    assert both["fragment", "Color::Impl"] == shaders.sections("select")["fragment", "Color::Impl"]


def test_a_shader_property_holds_every_section_and_uniform() -> None:
    made = shader_property("select", "edges", uniforms={"edgeBias": ("vertex", 0.5)})
    assert made.GetNumberOfShaderReplacements() == len(shaders.merged("select", "edges"))
    assert made.GetVertexCustomUniforms().GetNumberOfUniforms() == 1
    set_uniform(made, "fragment", "edgeColour", (1.0, 0.5, 0.0))
    assert made.GetFragmentCustomUniforms().GetNumberOfUniforms() == 1

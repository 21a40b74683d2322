"""What draws is known by what OpenGL says of itself."""

from __future__ import annotations

import pytest

from scene.rasterisers import KEEPERS, draws_by_program


class Window:
    """Says what a window of VTK would."""

    def __init__(self, vendor: str, renderer: str) -> None:
        self._told = (
            "EGL vendor string:  Mesa Project\n"
            f"OpenGL vendor string:  {vendor}\nOpenGL renderer string:  {renderer}\n"
            "OpenGL version string:  4.5 (Core Profile) software nobody means\n"
        )

    def ReportCapabilities(self) -> str:  # noqa: N802 - VTK's name
        return self._told


@pytest.mark.parametrize(
    ("vendor", "renderer"),
    [
        ("Mesa", "llvmpipe (LLVM 15.0.6, 256 bits)"),
        ("Mesa/X.org", "softpipe"),
        ("Google Inc.", "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device), SwiftShader driver)"),
        ("Microsoft Corporation", "GDI Generic"),
        ("Microsoft Corporation", "D3D12 (Microsoft Basic Render Driver)"),
        ("Apple", "Apple Software Renderer"),
    ],
)
def test_programs_are_known(vendor: str, renderer: str) -> None:
    assert draws_by_program(Window(vendor, renderer))


@pytest.mark.parametrize(
    ("vendor", "renderer"),
    [
        ("NVIDIA Corporation", "NVIDIA H200/PCIe/SSE2"),
        ("Intel", "Mesa Intel(R) UHD Graphics 620 (KBL GT2)"),
        ("AMD", "AMD Radeon Graphics (radeonsi, renoir, LLVM 15.0.6)"),
        ("Apple", "Apple M2"),
        ("Microsoft Corporation", "D3D12 (NVIDIA GeForce RTX 3060)"),
    ],
)
def test_cards_are_no_programs(vendor: str, renderer: str) -> None:
    assert not draws_by_program(Window(vendor, renderer))


def test_only_some_programs_keep_finished_pictures() -> None:
    assert draws_by_program(Window("Mesa", "LLVMPIPE (LLVM 19)"), KEEPERS)
    assert not draws_by_program(Window("Microsoft Corporation", "GDI Generic"), KEEPERS)

"""Whether pictures are drawn by a graphics card or by a program."""

from __future__ import annotations

from typing import Any

KEEPERS = ("llvmpipe", "softpipe")  # Mesa's
PROGRAMS = (*KEEPERS, "swrast", "swiftshader", "software", "basic render", "gdi generic")


def draws_by_program(window: Any, names: tuple[str, ...] = PROGRAMS) -> bool:
    """Look up what draws for a window.

    Parameters
    ----------
    window : vtkRenderWindow
        It must be ready to draw.
    names : tuple of str
        Small letters; programs that are looked for in what OpenGL says of itself.
    """
    told = (window.ReportCapabilities() or "").lower()
    _, _, after = told.partition("renderer string:")
    return any(name in after.partition("\n")[0] for name in names)

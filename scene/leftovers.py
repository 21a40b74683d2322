"""What a software rasteriser keeps of pictures that are finished, and how it lets go of it.

Mesa's llvmpipe puts the corners of a picture into up to 64 scenes that its threads work through.
A finished scene keeps its corners, and the textures it drew to, until it is taken again, and the
first one that is free is taken: after a crowded picture the others stay full for as long as
pictures are plain. In a flight over a million buildings that are 60 to 110 MB, more in one minute
than in the next. Tiny pictures drawn faster than they are finished take all scenes again, after
which these hold next to nothing. That takes a millisecond, in which nobody looks.
"""

from __future__ import annotations

from typing import Any

from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLFramebufferObject, vtkTextureObject

from scene.rasterisers import KEEPERS, draws_by_program

PICTURES = 64  # as many as the driver has scenes
SIDE = 4  # pixels along a side of a tiny picture
_COLOUR_BIT = 0x4000  # GL_COLOR_BUFFER_BIT
_UNSIGNED_CHAR = 3  # VTK_UNSIGNED_CHAR


class Leftovers:
    """Lets the driver of one window forget finished pictures.

    Parameters
    ----------
    window : vtkRenderWindow
        Whose driver; it must have drawn before `let_go` is called.
    """

    def __init__(self, window: Any) -> None:
        self._window = window
        self._kept: bool | None = None  # whether the driver keeps anything; None: not known yet
        self._tiny: list[tuple[Any, Any]] = []

    def let_go(self) -> bool:
        """Draw tiny pictures aside; the window's context must be current.

        What is on the screen, and what is drawn next, stay as they are.

        Returns
        -------
        bool
            Whether the driver is one that keeps finished pictures.
        """
        if self._kept is None:
            self._kept = draws_by_program(self._window, KEEPERS)
        if not self._kept:
            return False
        if not self._tiny:
            self._tiny = [self._made(), self._made()]
        state = self._window.GetState()
        state.Push()
        state.PushFramebufferBindings()
        state.vtkglClearColor(0.0, 0.0, 0.0, 0.0)
        for number in range(PICTURES):  # another target begins another scene
            self._tiny[number % 2][0].Bind()
            state.vtkglClear(_COLOUR_BIT)
        state.PopFramebufferBindings()
        state.Pop()
        return True

    def _made(self) -> tuple[Any, Any]:
        texture = vtkTextureObject()
        texture.SetContext(self._window)
        texture.Create2D(SIDE, SIDE, 4, _UNSIGNED_CHAR, False)
        target = vtkOpenGLFramebufferObject()
        target.SetContext(self._window)
        target.GetContext().GetState().PushFramebufferBindings()
        target.Bind()
        target.AddColorAttachment(0, texture)
        target.ActivateDrawBuffer(0)
        target.GetContext().GetState().PopFramebufferBindings()
        return target, texture

    def close(self) -> None:
        """Free the tiny pictures."""
        for target, texture in self._tiny:
            target.ReleaseGraphicsResources(self._window)
            texture.ReleaseGraphicsResources(self._window)
        self._tiny.clear()
        self._window = None

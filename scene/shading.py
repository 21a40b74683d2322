"""Puts pieces of GLSL into VTK's shaders and notices where they do not compile."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Mapping
from typing import Any

import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - brings the concrete classes
from vtkmodules.vtkRenderingCore import vtkShaderProperty

import shaders

Uniform = float | tuple[float, float, float]
_SWITCH = "//VTK::CustomUniforms::Dec"  # stands before all our functions
_switches: weakref.WeakKeyDictionary[Any, frozenset[str]] = weakref.WeakKeyDictionary()


def shader_property(*names: str, uniforms: Mapping[str, tuple[str, Uniform]]) -> Any:
    """Make a vtkShaderProperty with the sections of some files; many actors may share it.

    Parameters
    ----------
    *names : str
        Files of `shaders`, in the order their code is joined.
    uniforms : mapping
        From name to the stage (``"vertex"`` or ``"fragment"``) and a first value: a number or
        three of them.
    """
    made = vtkShaderProperty()
    for (stage, tag), code in shaders.merged(*names).items():
        vertex = stage == "vertex"
        add = made.AddVertexShaderReplacement if vertex else made.AddFragmentShaderReplacement
        add(f"//VTK::{tag}", True, f"//VTK::{tag}\n{code}\n", False)
    for name, (stage, value) in uniforms.items():
        set_uniform(made, stage, name, value)
    return made


def set_uniform(made: Any, stage: str, name: str, value: Uniform) -> None:
    """Set a uniform of a shader property: a number or three of them."""
    pool = made.GetVertexCustomUniforms() if stage == "vertex" else made.GetFragmentCustomUniforms()
    if isinstance(value, tuple):
        pool.SetUniform3f(name, value)
    else:
        pool.SetUniformf(name, value)


def switch(made: Any, name: str, *, on: bool) -> None:
    """Define a name for the fragments of a shader property, or no more; it is compiled anew.

    A software rasteriser goes through both branches of an ``if``: what is seldom wanted is left
    out of the code.
    """
    before = _switches.get(made, frozenset())
    now = before | {name} if on else before - {name}
    if now == before:
        return
    _switches[made] = now
    made.ClearFragmentShaderReplacement(_SWITCH, True)
    if now:
        lines = "".join(f"#define {one}\n" for one in sorted(now))
        made.AddFragmentShaderReplacement(_SWITCH, True, f"{lines}{_SWITCH}\n", False)


def compiles(
    window: Any, name: str, switch: str, uniforms: Mapping[str, tuple[str, Uniform]],
    textures: Iterable[str],
) -> bool:  # fmt: skip
    """Say whether the functions of a file compile by themselves.

    Parameters
    ----------
    window : vtkRenderWindow
        Whose driver is asked; it is about to draw.
    name : str
        File of `shaders`.
    switch : str
        Name that has to be defined for them.
    uniforms, textures
        What they ask for.
    """
    lines = [f"#define {switch}", *(f"uniform sampler2D {texture};" for texture in textures)]
    for uniform, (_, value) in uniforms.items():
        lines.append(f"uniform {'vec3' if isinstance(value, tuple) else 'float'} {uniform};")
    lines += [code for (stage, _), code in shaders.merged(name).items() if stage == "fragment"]
    body = "void main() { gl_FragData[0] = vec4(1.0); }"
    fragment = "\n".join(["//VTK::System::Dec", "//VTK::Output::Dec", *lines, body])
    vertex = "//VTK::System::Dec\nvoid main() { gl_Position = vec4(0.0, 0.0, 0.0, 1.0); }\n"
    return window.GetShaderCache().ReadyShaderProgram(vertex, fragment, "") is not None


class Compiled:
    """Notices whether the shaders of a mapper came to be.

    VTK tells of a shader in use by ``UpdateShaderEvent``, and of one that does not compile by
    drawing nothing.
    """

    def __init__(self) -> None:
        self.proved = False
        self._watched: list[tuple[Any, int]] = []

    def watch(self, mapper: Any) -> None:
        """Look at a mapper until `settle`; nothing happens once a shader is proved."""
        if not self.proved:
            me = weakref.ref(self)

            def told(_caller: object, _event: str) -> None:
                if (compiled := me()) is not None:
                    compiled.proved = True

            self._watched.append((mapper, mapper.AddObserver("UpdateShaderEvent", told)))

    def settle(self) -> None:
        """Stop looking; for after a frame, never while one is drawn."""
        for mapper, number in self._watched:
            mapper.RemoveObserver(number)
        self._watched = []

"""Loader of the shading code: pieces of GLSL that go into the places VTK's own shaders leave.

A file starts with a comment: what it replaces, its uniforms with units, its cost. Then come
sections, each headed by ``//-- vertex //VTK::Normal::Dec`` or the like: the stage and the tag
after whose own code the section is put.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

_HEAD = re.compile(r"^//-- (vertex|fragment) //VTK::(\w+::\w+)\s*$", re.MULTILINE)


@lru_cache(maxsize=32)
def sections(name: str) -> dict[tuple[str, str], str]:
    """Give the sections of one file.

    Parameters
    ----------
    name : str
        File name without ``.glsl``.

    Returns
    -------
    dict
        From (``"vertex"`` or ``"fragment"``, tag such as ``"Normal::Dec"``) to code.
    """
    text = files(__name__).joinpath(f"{name}.glsl").read_text(encoding="utf-8")
    parts = _HEAD.split(text)[1:]
    return {
        (stage, tag): code.strip("\n")
        for stage, tag, code in zip(parts[0::3], parts[1::3], parts[2::3], strict=True)
    }


def merged(*names: str) -> dict[tuple[str, str], str]:
    """Give the sections of several files, those of one place joined in the order of the names."""
    out: dict[tuple[str, str], str] = {}
    for name in names:
        for place, code in sections(name).items():
            out[place] = f"{out[place]}\n{code}" if place in out else code
    return out

"""The exporting half of the Python interface; `app.api.City` has these verbs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from layers.errors import CityError
from layers.progress import Progress
from layers.project import Project

if TYPE_CHECKING:
    from app.session import Session
    from layers.files.city_export import Chosen, Written

Format = Literal["3dtiles", "glb", "cityjson"]
FORMATS: tuple[Format, ...] = ("3dtiles", "glb", "cityjson")


class Exporting:
    """How the buildings of an open project become files for other programs."""

    session: Session

    def export_3dtiles(
        self,
        folder: str | Path,
        *,
        layers: Sequence[str] = (),
        where: str = "",
        ids: Sequence[int] = (),
        height_offset: float | None = None,
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Written:
        """Write a 3D Tiles 1.1 tileset: ``tileset.json`` and GLB files below ``content``.

        Parameters
        ----------
        folder : str or pathlib.Path
            Appears whole or not at all.
        layers : sequence of str
            Layers of buildings by name or id; none means all that are visible.
        where : str
            Condition on the attributes, such as ``"height > 50 and use = office"``.
        ids : sequence of int
            Numbers of the buildings of one layer; none means all.
        height_offset : float or None
            Height of the project's datum above the WGS 84 ellipsoid at the place, metres; None
            takes 0 and tells so in the notes.
        overwrite : bool
            Whether an older export may be replaced.
        progress : Progress or None
            Is told how far it is; may stop it, nothing is left behind then.

        Raises
        ------
        CityError
            ``project.no_crs``, ``export.nothing_chosen``, ``export.exists`` and others.
        """
        chosen = choose_of(self.session.project, layers, where, ids)
        return write(
            self.session.project, chosen, "3dtiles", Path(folder), progress,
            height_offset=height_offset, overwrite=overwrite,
        )  # fmt: skip

    def export_glb(
        self,
        path: str | Path,
        *,
        layers: Sequence[str] = (),
        where: str = "",
        ids: Sequence[int] = (),
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Written:
        """Write closed solids in metres, y up, around an origin that ``asset.extras`` tells.

        The parameters are those of `export_3dtiles`.
        """
        chosen = choose_of(self.session.project, layers, where, ids)
        return write(self.session.project, chosen, "glb", Path(path), progress, overwrite=overwrite)

    def export_cityjson(
        self,
        path: str | Path,
        *,
        layers: Sequence[str] = (),
        where: str = "",
        ids: Sequence[int] = (),
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> Written:
        """Write CityJSON 2.0 (``.json``), or a text sequence of it (``.jsonl``).

        The parameters are those of `export_3dtiles`.
        """
        chosen = choose_of(self.session.project, layers, where, ids)
        return write(
            self.session.project, chosen, "cityjson", Path(path), progress, overwrite=overwrite
        )


def choose_of(
    project: Project, layers: Sequence[str] = (), where: str = "", ids: Sequence[int] = ()
) -> tuple[Chosen, ...]:
    """Choose buildings by the names of their layers, a condition, their numbers."""
    from layers.files.city_export import choose

    return choose(project, [project.layer(name) for name in layers], where=where, ids=ids)


def write(
    project: Project,
    chosen: Sequence[Chosen],
    what: Format,
    path: Path,
    progress: Progress | None = None,
    *,
    height_offset: float | None = None,
    overwrite: bool = False,
) -> Written:
    """Write chosen buildings in one of the `FORMATS`; `path` is a folder for 3D tiles."""
    made = _written(
        project, chosen, what, path, progress, height_offset=height_offset, overwrite=overwrite
    )
    if any(one.hidden for one in chosen):
        made = replace(made, notes=(*made.notes, "models_left_out"))
    return made


def _written(
    project: Project, chosen: Sequence[Chosen], what: Format, path: Path,
    progress: Progress | None, *, height_offset: float | None, overwrite: bool,
) -> Written:  # fmt: skip
    frame = project.need_frame()
    if what == "3dtiles":
        from scene.exports.tiles3d import write_tiles3d

        return write_tiles3d(
            frame, chosen, path, progress, height_offset=height_offset, overwrite=overwrite
        )
    if what == "glb":
        if path.suffix.lower() != ".glb":
            raise CityError(
                "export.glb_suffix",
                f"A GLB file cannot be called '{path.name}'.",
                hint="let its name end with .glb",
                where=path.name,
                name=path.name,
            )
        from scene.exports.glb import write_glb

        return write_glb(frame, chosen, path, progress, overwrite=overwrite)
    from layers.files.cityjson_export import write_cityjson

    return write_cityjson(
        frame, chosen, path, progress, title=project.info.title, overwrite=overwrite
    )

"""The exporting half of the Python interface, and how an export is told of in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from layers.errors import CityError
from layers.progress import Progress
from layers.project import Project

if TYPE_CHECKING:
    from app.session import Session
    from app.wording import Wording
    from layers.files.city_choice import Choice, LeftOut
    from layers.files.city_export import Written

Format = Literal["3dtiles", "glb", "cityjson"]
FORMATS: tuple[Format, ...] = ("3dtiles", "glb", "cityjson")
WHOLE = ("terrain", "imagery")  # kinds of layers that are one thing


class Exporting:
    """How the buildings, models and trees of an open project become files for other programs."""

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
            Layers of buildings, hand-made models or trees by name or id; none means all that
            are visible.
        where : str
            Condition on the attributes, such as ``"height > 50 and use = office"``.
        ids : sequence of int
            Numbers of the objects of one layer; none means all.
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
) -> Choice:
    """Choose buildings, models and trees by their layers, a condition, their numbers."""
    from layers.files.city_choice import choose
    from scene.exports.trees import trees_of

    chosen = [project.layer(name) for name in layers]
    return choose(project, chosen, where=where, ids=ids, makers={"trees": trees_of})


def write(
    project: Project,
    chosen: Choice,
    what: Format,
    path: Path,
    progress: Progress | None = None,
    *,
    height_offset: float | None = None,
    overwrite: bool = False,
) -> Written:
    """Write what is chosen in one of the `FORMATS`; `path` is a folder for 3D tiles."""
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


def summary(written: Written, texts: Wording, name: str = "") -> str:
    """Say in a line what was written; `name` instead of the whole path."""
    return texts.t(
        "export-wrote",
        path=name or written.path,
        objects=written.objects,
        models=written.models,
        trees=written.trees,
        files=written.files,
        megabytes=f"{written.bytes / 1e6:.1f}",
    )


def remarks(written: Written, texts: Wording) -> list[str]:
    """Say what a reader should know of an export: how it was taken, what is not in it and why."""
    lines = [texts.t(f"export-note-{note.replace('_', '-')}") for note in written.notes]
    reasons: dict[str, list[LeftOut]] = {}
    for one in written.left_out:
        reasons.setdefault(one.reason, []).append(one)
    for reason, them in reasons.items():
        what = texts.t("list-separator").join(_counted(one, texts) for one in them)
        lines.append(texts.t(f"export-left-{reason.replace('_', '-')}", what=what))
    return lines


def _counted(one: LeftOut, texts: Wording) -> str:
    """Name a layer, with how many of it there are where it is made of objects."""
    if one.kind in WHOLE:
        return one.layer
    return texts.t("export-left-of", layer=one.layer, count=texts.number(one.count, 0))

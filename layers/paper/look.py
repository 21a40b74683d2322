"""How documents look: fonts, and templates that people put in the place of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

#: Families that write Chinese, as typesetters and word processors know them.
FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
            "Hiragino Sans GB", "WenQuanYi Micro Hei", "SimHei")  # fmt: skip
TEMPLATES = Path(__file__).with_name("templates")
TYPST, DOCX = "report.typ", "report.docx"


@dataclass(frozen=True, slots=True)
class Look:
    """Fonts and templates.

    Attributes
    ----------
    font_files : tuple of Path
        Fonts besides those of the system; their folders are searched.
    families : tuple of str
        Names of fonts, the first that is there is taken for each sign.
    folder : Path or None
        Where own templates lie: ``report.typ`` with what it uses for PDF, ``report.docx`` whose
        styles, header, footer and page size a DOCX takes over. What is not there is ours.
    """

    font_files: tuple[Path, ...] = ()
    families: tuple[str, ...] = field(default=FAMILIES)
    folder: Path | None = None

    def template(self, name: str) -> Path | None:
        """Give a template, the own one first; None where there is none."""
        for folder in (self.folder, TEMPLATES):
            if folder is not None and (folder / name).is_file():
                return folder / name
        return None

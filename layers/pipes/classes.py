"""Classes of pipes: their codes, names and colours, and the words files use for them.

Codes, letters and colours after CJJ 61-2017 appendix B (second-hand transcription); APWA colours
for export to the United States.
"""

from __future__ import annotations

from dataclasses import dataclass

from layers.style import Colour


@dataclass(frozen=True, slots=True)
class PipeClass:
    """One class of pipes.

    Attributes
    ----------
    key : str
        Word used in files and options; its text is ``pipe-class-KEY``.
    code : str
        Letters of CJJ 61-2017, such as ``"JS"``.
    number : int
        Its number there.
    colour : str
        ``#rrggbb`` of CJJ 61-2017.
    apwa : str
        ``#rrggbb`` of the APWA colour code.
    gravity : bool
        Whether its level is that of the invert, else that of the top.
    """

    key: str
    code: str
    number: int
    colour: Colour
    apwa: Colour
    gravity: bool = False


@dataclass(frozen=True, slots=True)
class Subclass:
    """A finer class: its key, the letters and the number of CJJ 61-2017, and its class."""

    key: str
    code: str
    number: int
    of: str


CLASSES: tuple[PipeClass, ...] = (
    PipeClass("water", "JS", 1, "#00ffff", "#1e88e5"),
    PipeClass("drain", "PS", 2, "#4c3926", "#43a047", gravity=True),
    PipeClass("gas", "RQ", 3, "#ff00ff", "#fdd835"),
    PipeClass("heat", "RL", 4, "#ff8000", "#fdd835"),
    PipeClass("power", "DL", 5, "#ff0000", "#e53935"),
    PipeClass("telecom", "TX", 6, "#00ff00", "#fb8c00"),
    PipeClass("industry", "GY", 7, "#000000", "#fdd835"),
    PipeClass("other", "QT", 8, "#6600cc", "#ffffff"),
)
SUBCLASSES: tuple[Subclass, ...] = (
    Subclass("raw", "JY", 1, "water"),
    Subclass("trunk", "SS", 2, "water"),
    Subclass("grey", "ZS", 3, "water"),
    Subclass("mains", "JP", 4, "water"),
    Subclass("drinking", "JZ", 5, "water"),
    Subclass("fire", "XS", 6, "water"),
    Subclass("irrigation", "LS", 7, "water"),
    Subclass("recirculated", "JH", 8, "water"),
    Subclass("storm", "YS", 1, "drain"),
    Subclass("sewage", "WS", 2, "drain"),
    Subclass("combined", "HS", 3, "drain"),
    Subclass("town-gas", "MQ", 1, "gas"),
    Subclass("lpg", "YH", 2, "gas"),
    Subclass("natural-gas", "TR", 3, "gas"),
    Subclass("hot-water", "RS", 1, "heat"),
    Subclass("steam", "ZQ", 2, "heat"),
    Subclass("supply", "GD", 1, "power"),
    Subclass("lighting", "LD", 2, "power"),
    Subclass("signals", "XH", 3, "power"),
    Subclass("tram", "DC", 4, "power"),
    Subclass("advertising", "GG", 5, "power"),
    Subclass("telephone", "DH", 1, "telecom"),
    Subclass("television", "DS", 2, "telecom"),
    Subclass("data", "XX", 3, "telecom"),
    Subclass("broadcast", "GB", 4, "telecom"),
    Subclass("hydrogen", "QQ", 1, "industry"),
    Subclass("oxygen", "YQ", 2, "industry"),
    Subclass("acetylene", "GQ", 3, "industry"),
    Subclass("ethylene", "YX", 4, "industry"),
    Subclass("benzene", "BQ", 5, "industry"),
    Subclass("chlorine", "LQ", 6, "industry"),
    Subclass("nitrogen", "DQ", 7, "industry"),
    Subclass("carbon-dioxide", "EY", 8, "industry"),
    Subclass("ammonia", "AQ", 9, "industry"),
    Subclass("toluene", "JB", 10, "industry"),
    Subclass("tunnel", "ZH", 1, "other"),
    Subclass("unknown", "BM", 2, "other"),
)
CLASS_KEYS: tuple[str, ...] = tuple(item.key for item in CLASSES)
SUBCLASS_KEYS: tuple[str, ...] = ("", *(item.key for item in SUBCLASSES))

#: Words of files, in small letters and without blanks, that stand for a class or a subclass.
WORDS: dict[str, tuple[str, str]] = {
    "给水": ("water", ""), "上水": ("water", ""), "自来水": ("water", ""), "供水": ("water", ""),
    "water": ("water", ""), "watermain": ("water", "mains"), "potable": ("water", "drinking"),
    "原水": ("water", "raw"), "输水": ("water", "trunk"), "中水": ("water", "grey"),
    "再生水": ("water", "grey"), "reclaimed": ("water", "grey"), "配水": ("water", "mains"),
    "直饮水": ("water", "drinking"), "消防": ("water", "fire"), "消防水": ("water", "fire"),
    "绿化水": ("water", "irrigation"), "循环水": ("water", "recirculated"),
    "排水": ("drain", ""), "下水": ("drain", ""), "drain": ("drain", ""), "drainage": ("drain", ""),
    "雨水": ("drain", "storm"), "storm": ("drain", "storm"), "stormwater": ("drain", "storm"),
    "污水": ("drain", "sewage"), "sewer": ("drain", "sewage"), "sewage": ("drain", "sewage"),
    "sanitary": ("drain", "sewage"), "雨污合流": ("drain", "combined"),
    "合流": ("drain", "combined"), "combined": ("drain", "combined"),
    "燃气": ("gas", ""), "gas": ("gas", ""), "煤气": ("gas", "town-gas"),
    "液化气": ("gas", "lpg"), "天然气": ("gas", "natural-gas"),
    "热力": ("heat", ""), "heat": ("heat", ""), "heating": ("heat", ""),
    "热水": ("heat", "hot-water"), "蒸汽": ("heat", "steam"), "steam": ("heat", "steam"),
    "电力": ("power", ""), "power": ("power", ""), "electric": ("power", ""),
    "electricity": ("power", ""), "供电": ("power", "supply"), "路灯": ("power", "lighting"),
    "照明": ("power", "lighting"), "交通信号": ("power", "signals"), "信号": ("power", "signals"),
    "电车": ("power", "tram"), "广告": ("power", "advertising"),
    "通信": ("telecom", ""), "通讯": ("telecom", ""), "电信": ("telecom", ""),
    "telecom": ("telecom", ""), "communication": ("telecom", ""), "电话": ("telecom", "telephone"),
    "有线电视": ("telecom", "television"), "电视": ("telecom", "television"),
    "信息": ("telecom", "data"), "宽带": ("telecom", "data"), "广播": ("telecom", "broadcast"),
    "工业": ("industry", ""), "industry": ("industry", ""), "industrial": ("industry", ""),
    "氧气": ("industry", "oxygen"), "氢气": ("industry", "hydrogen"),
    "综合管廊": ("other", "tunnel"), "综合管沟": ("other", "tunnel"), "管廊": ("other", "tunnel"),
    "其他": ("other", ""), "其它": ("other", ""), "other": ("other", ""),
    "不明": ("other", "unknown"), "不明管线": ("other", "unknown"), "unknown": ("other", "unknown"),
}  # fmt: skip


def class_of(word: str) -> tuple[str, str] | None:
    """Tell what class and subclass a word or code of a file means; None if it is not known.

    Takes keys, words in Chinese and English, codes such as ``JS`` or ``WS`` and ids that begin
    with one (``WS101``).

    Returns
    -------
    (class key, subclass key) or None
        The subclass is "" where the word names none.
    """
    text = "".join(word.split()).casefold()
    for ending in ("管线", "管道", "管网", "线", "管"):
        if text.endswith(ending) and len(text) > len(ending) and text not in WORDS:
            text = text.removesuffix(ending)
            break
    if text in WORDS:
        return WORDS[text]
    for item in SUBCLASSES:
        if text == item.key:
            return item.of, item.key
    letters = text.rstrip("0123456789-_.").upper()
    for item in SUBCLASSES:
        if letters == item.code:
            return item.of, item.key
    for major in CLASSES:
        if letters == major.code or text == str(major.number):
            return major.key, ""
    return None

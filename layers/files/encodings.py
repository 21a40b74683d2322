"""Which encoding the texts of a file are in: what it declares, weighed against what it holds.

DBF tables and old text files seldom say how their texts are written, and many say it
wrongly. Every candidate is tried on the bytes themselves and scored by how usual the
characters are that come out.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from layers.errors import CityError
from layers.files.raw import Note

#: Encodings people choose from, by the names shown; the first four are tried on content.
CHOICES = (
    "UTF-8", "GBK", "Big5", "ISO-8859-1", "GB18030", "windows-1252", "Shift_JIS", "EUC-KR",
    "windows-1250", "windows-1251", "KOI8-R", "UTF-16",
)  # fmt: skip
_TRIED = ("UTF-8", "GBK", "Big5", "ISO-8859-1")

# GBK and GB2312 are read as their superset; Big5 with the Hong Kong signs where there are any.
_CODECS = {
    "UTF-8": "utf-8", "GBK": "gb18030", "GB18030": "gb18030", "Big5": "cp950",
    "ISO-8859-1": "latin-1",
}  # fmt: skip
_SHOWN = {
    "utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gbk": "GBK", "gb2312": "GBK", "cp936": "GBK",
    "gb18030": "GB18030", "big5": "Big5", "cp950": "Big5", "big5hkscs": "Big5",
    "iso8859-1": "ISO-8859-1", "cp1252": "windows-1252", "cp1250": "windows-1250",
    "cp1251": "windows-1251", "cp932": "Shift_JIS", "shift_jis": "Shift_JIS", "cp949": "EUC-KR",
    "euc_kr": "EUC-KR", "koi8-r": "KOI8-R", "utf-16": "UTF-16", "ascii": "UTF-8",
}  # fmt: skip
# Names in .cpg files and of Windows code pages that Python's codecs do not know.
_ALIASES = {
    "ansi936": "gbk", "ansi950": "cp950", "ansi1252": "cp1252", "ansi932": "cp932",
    "ansi949": "cp949", "ansi1250": "cp1250", "ansi1251": "cp1251", "oem": "cp437",
    "88591": "latin-1", "88592": "iso8859-2", "88599": "iso8859-9", "885915": "iso8859-15",
    "1252": "cp1252", "65001": "utf-8", "936": "gbk", "54936": "gb18030", "950": "cp950",
    "932": "cp932", "949": "cp949", "1250": "cp1250", "1251": "cp1251", "20936": "gbk",
    "chinesegb": "gbk", "gbk2312": "gbk", "utf8mb4": "utf-8", "xgbk": "gbk",
}  # fmt: skip

# dBASE language driver ids (Esri and FoxPro lists) that name an encoding.
_LANGUAGE_BYTES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x13: "cp932", 0x26: "cp866", 0x4D: "gbk",
    0x4E: "cp949", 0x4F: "cp950", 0x50: "cp874", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252",
    0x64: "cp852", 0x65: "cp866", 0x78: "cp950", 0x79: "cp949", 0x7A: "gbk", 0x7B: "cp932",
    0x7C: "cp874", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254", 0xCB: "cp1253",
}  # fmt: skip
#: Language bytes that programs write without meaning them.
_UNMEANT = frozenset({0x00, 0x01, 0x02, 0x03, 0x57})

# Signs that are frequent in names, uses and addresses, simplified and traditional.
_FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "省市区县镇乡村街道路巷弄号楼栋幢层室东西南北中新城公园小学校医院站桥江河湖海山水绿居住商业工用房建筑物广场花园"
    "區縣鎮鄉號樓棟層東國學醫園場業運農機關開發設施計畫分區使用道路保護綠住宅設變電車"
    "名称编高度面积类型代码类别备注长宽状态日期單位電話地址經緯度"
)


#: Other signs that stand in Chinese tables: degrees, dimensions, enumerations.
_SIGNS = frozenset("°′″℃±×÷—…·①②③④⑤⑥⑦⑧⑨⑩㎡‰～Φφ→↑↓≥≤√№")

_NARROW = 16  # at least one byte of so many is half of a plain sign in a table in UTF-16


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding and why it was taken.

    Attributes
    ----------
    encoding : str
        Name as shown to people, one of ``CHOICES`` or Python's name.
    reason : str
        ``chosen`` by the user, ``declared`` by the file, ``content`` where the
        bytes decided, ``contradicted`` where they decided against what the
        file declares, ``ascii`` where every encoding reads the same.
    candidates : tuple of str
        What is possible, the best first.
    declared : str
        What the file declares, empty if nothing.
    """

    encoding: str
    reason: str
    candidates: tuple[str, ...]
    declared: str = ""

    @property
    def codec(self) -> str:
        """Name of Python's codec that reads it."""
        return codec_of(self.encoding)

    def notes(self) -> tuple[Note, ...]:
        """Say in the report what was guessed; nothing where the file said it or it is plain."""
        facts = {
            "encoding": self.encoding,
            "declared": self.declared,
            "others": ", ".join(self.candidates[1:]),
        }
        if self.reason == "contradicted":
            return (Note("encoding_contradicts", facts),)
        if self.reason == "content" and self.encoding != "UTF-8":
            return (Note("encoding_guessed", facts),)
        return ()


def shown_name(name: str) -> str:
    """Give the name under which an encoding is shown.

    Raises
    ------
    CityError
        ``file.encoding_unknown`` if there is no such encoding.

    Examples
    --------
    >>> shown_name("cp936"), shown_name("ANSI 936"), shown_name("utf8")
    ('GBK', 'GBK', 'UTF-8')
    """
    cleaned = name.strip().strip("\0").lower()
    bare = "".join(c for c in cleaned if c.isalnum())
    try:
        python = codecs.lookup(_ALIASES.get(bare, cleaned)).name
    except (LookupError, ValueError) as error:
        raise CityError(
            "file.encoding_unknown",
            f"There is no text encoding called '{name[:40]}'.",
            hint=f"choose one of: {', '.join(CHOICES)}",
            name=name[:40],
            choices=", ".join(CHOICES),
        ) from error
    return _SHOWN.get(python, python)


def codec_of(encoding: str) -> str:
    """Give Python's codec for a shown name; GBK is read as its superset GB18030."""
    shown = shown_name(encoding)
    return _CODECS.get(shown, codecs.lookup(shown).name)


def from_language_byte(byte: int) -> str:
    """Give the encoding that a DBF's language byte names, empty if none or not meant."""
    if byte in _UNMEANT or byte not in _LANGUAGE_BYTES:
        return ""
    return shown_name(_LANGUAGE_BYTES[byte])


def detect(
    samples: bytes | Sequence[bytes], *, declared: str = "", chosen: str | None = None
) -> Guess:
    """Find the encoding of texts.

    Parameters
    ----------
    samples : bytes or sequence of bytes
        One text, or values of a table; each may be cut off in the middle of a
        character.
    declared : str
        What the file itself says, empty if nothing. It is believed unless the
        bytes are clearly something else.
    chosen : str or None
        What the user decided; always obeyed.

    Returns
    -------
    Guess

    Raises
    ------
    CityError
        ``file.encoding_unknown`` if `chosen` is no encoding.

    Examples
    --------
    >>> detect("黄浦区 外滩街道".encode("gbk")).encoding
    'GBK'
    """
    values = [samples] if isinstance(samples, bytes) else list(samples)
    values = [value for value in values if not value.isascii()]
    declared = _declared(declared)
    if chosen:
        return Guess(shown_name(chosen), "chosen", (shown_name(chosen),), declared)
    if not values:
        return Guess(declared or "UTF-8", "declared" if declared else "ascii", CHOICES, declared)
    if _is_utf8(values):
        contradicted = declared not in ("", "UTF-8")
        reason = "contradicted" if contradicted else "declared" if declared else "content"
        return Guess("UTF-8", reason, ("UTF-8",), declared)
    tried = {*_TRIED, declared} - {""}
    scores = {name: score(values, name) for name in tried}
    best = sorted(tried, key=lambda name: (-scores[name], (*_TRIED, name).index(name)))
    if declared and scores[declared] >= scores[best[0]] - 0.25:
        best = [declared, *(name for name in best if name != declared)]
        return Guess(declared, "declared", tuple(best), declared)
    encoding = best[0]
    if encoding == "GBK" and _needs_gb18030(values):
        encoding = "GB18030"
    reason = "contradicted" if declared else "content"
    return Guess(encoding, reason, (encoding, *best[1:]), declared)


def score(values: Sequence[bytes], encoding: str) -> float:
    """Say how well an encoding reads some texts: 1 and more is good, below 0 is nonsense.

    The mean over the characters that are not ASCII; unusual ones count little, undefined
    ones and unreadable bytes count against it.
    """
    codec = codec_of(encoding)
    total = count = 0.0
    for value in values:
        text = decode(value, codec)
        one, many = _score_text(text, single=not _is_wide(codec))
        total += one
        count += many
    return total / count if count else 0.0


def wide_codec(data: bytes) -> str:
    """Give the codec of a text in UTF-16 or 32, told by its mark or first sign; empty for others.

    >>> wide_codec('{"type"'.encode("utf-16-le")), wide_codec(b'{"type"')
    ('utf-16-le', '')
    """
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    first, second = (*data[:2], 1, 1)[:2]
    if first and not second:
        return "utf-16-le"
    if second and not first:
        return "utf-16-be"
    # a text in Chinese may begin with a sign of two bytes: its commas and digits tell
    head = data[:1024]
    low, high = head[1::2].count(0), head[::2].count(0)
    if max(low, high) * _NARROW < len(head) or min(low, high):
        return ""
    return "utf-16-le" if low else "utf-16-be"


def decode(value: bytes, codec: str) -> str:
    """Read bytes, dropping a character that is cut off at the end and marking broken ones."""
    return codecs.getincrementaldecoder(codec)(errors="replace").decode(value)


def _declared(name: str) -> str:
    if not name.strip():
        return ""
    try:
        return shown_name(name)
    except CityError:  # a .cpg with nonsense says nothing; the content decides
        return ""


def _is_utf8(values: Sequence[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")
    try:
        texts = [decoder().decode(value) for value in values]
    except UnicodeDecodeError:
        return False
    signs = {sign for text in texts for sign in text if sign > "\x7f"}
    if any(sign >= "\u0800" or (sign < "\u0180" and _is_western(sign)) for sign in signs):
        return True
    # two-byte sequences alone: a short Chinese text in GBK can look like UTF-8 by chance
    return bool(signs) and score(values, "GBK") < 0.9


def _is_western(sign: str) -> bool:
    """Say whether a sign below U+0180 stands in Western texts: letters, square metres, degrees."""
    return sign.isalpha() or sign in "°²³·×±§–«»"


def _needs_gb18030(values: Sequence[bytes]) -> bool:
    for value in values:
        try:
            codecs.getincrementaldecoder("gbk")().decode(value)
        except UnicodeDecodeError:
            return True
    return False


def _is_wide(codec: str) -> bool:
    return codec in {"gb18030", "gbk", "cp950", "big5", "big5hkscs", "cp932", "cp949", "utf-8"}


def _score_text(text: str, *, single: bool) -> tuple[float, int]:
    total, count, run = 0.0, 0, 0
    for sign in text:
        run = run + 1 if sign > "\x7f" else 0
        if run:
            count += 1
            total += _score_single(sign, run) if single else _score_wide(sign)
    return total, count


def _score_single(sign: str, run: int) -> float:
    """Accented letters stand alone among plain ones; long runs of them are something else."""
    if sign < "\xa0" or not sign.isprintable() or sign == "�":
        return -2.0
    if run > 2:
        return -0.8
    if run == 2:
        return 0.3 if sign.isalpha() else -0.8
    return 0.8 if sign.isalpha() else 0.1


def _score_wide(sign: str) -> float:
    if sign == "�":
        return -3.0
    if sign in _FREQUENT:
        return 1.6
    code = ord(sign)
    if 0xE000 <= code <= 0xF8FF:  # for private use
        return -2.0
    if (
        sign in _SIGNS
        or 0x3000 <= code <= 0x303F
        or 0xFF00 <= code <= 0xFF5E
        or 0x3040 <= code <= 0x30FF
    ):
        return 0.6
    if not 0x4E00 <= code <= 0x9FA5:
        return -0.2
    return 0.9 if _is_usual(sign) else 0.1


def _is_usual(sign: str) -> bool:
    """Say whether a sign is in the first level (the common signs) of GB 2312 or of Big5."""
    try:
        return 0xB0 <= sign.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        pass
    try:
        return 0xA4 <= sign.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False

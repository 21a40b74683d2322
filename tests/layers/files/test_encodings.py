from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.files.encodings import codec_of, decode, detect, from_language_byte, shown_name

SIMPLIFIED = ["黄浦区", "外滩街道办事处", "第一人民医院", "居住用地", "建筑红线", "轨道交通二号线"]
TRADITIONAL = ["蘇澳擴大都市計畫", "道路用地", "學校用地", "綠化設施", "住宅區"]


@pytest.mark.parametrize(
    ("texts", "codec", "shown"),
    [
        (SIMPLIFIED, "gbk", "GBK"),
        (SIMPLIFIED, "utf-8", "UTF-8"),
        (TRADITIONAL, "big5", "Big5"),
        (["Zürich", "Genève", "Größe", "Ærø"], "latin-1", "ISO-8859-1"),
        (["Zürich", "é"], "utf-8", "UTF-8"),
        (["Москва", "улица"], "utf-8", "UTF-8"),
        (["㐂龘", "黄浦区"], "gb18030", "GB18030"),
    ],
)
def test_the_encoding_is_told_from_the_bytes(texts: list[str], codec: str, shown: str) -> None:
    assert detect([text.encode(codec) for text in texts]).encoding == shown


@pytest.mark.parametrize("text", ["住宅", "小学", "联通", "浦东"])
def test_two_chinese_signs_that_happen_to_be_utf8_are_read_as_chinese(text: str) -> None:
    assert detect([text.encode("gbk")]).encoding == "GBK"


def test_a_declaration_that_fits_is_believed_and_needs_no_remark() -> None:
    guess = detect([text.encode("gbk") for text in SIMPLIFIED], declared="ANSI 936")
    assert (guess.encoding, guess.reason, guess.notes()) == ("GBK", "declared", ())


def test_a_declaration_that_is_wrong_is_told() -> None:
    guess = detect([text.encode("gbk") for text in SIMPLIFIED], declared="UTF-8")
    assert guess.encoding == "GBK"
    assert [note.key for note in guess.notes()] == ["encoding_contradicts"]


def test_nonsense_declared_counts_as_nothing() -> None:
    assert detect(["楼房".encode("gbk")], declared="not-an-encoding").encoding == "GBK"


def test_a_choice_is_always_obeyed() -> None:
    assert detect(["楼".encode()], chosen="big5").encoding == "Big5"


def test_plain_ascii_needs_no_guess() -> None:
    guess = detect([b"plain"])
    assert (guess.encoding, guess.reason, guess.notes()) == ("UTF-8", "ascii", ())


def test_an_unknown_encoding_names_those_there_are() -> None:
    with pytest.raises(CityError, match="no text encoding") as caught:
        shown_name("klingon")
    assert caught.value.code == "file.encoding_unknown"
    assert "GBK" in caught.value.hint


def test_language_bytes_that_programs_write_without_meaning_say_nothing() -> None:
    assert (from_language_byte(0x4D), from_language_byte(0x57), from_language_byte(0)) == (
        "GBK", "", "",
    )  # fmt: skip


def test_a_character_cut_in_half_is_dropped_and_a_broken_one_marked() -> None:
    assert decode("高新区".encode("gbk")[:-1], codec_of("GBK")) == "高新"
    assert "�" in decode(b"\xff\xff\x41", codec_of("GBK"))


@given(st.lists(st.sampled_from(SIMPLIFIED), min_size=1), st.integers(0, 1))
@settings(max_examples=40, deadline=None)
def test_whatever_is_written_in_gbk_is_read_back(texts: list[str], cut: int) -> None:
    values = [text.encode("gbk") for text in texts]
    values[-1] = values[-1][: len(values[-1]) - cut]
    guess = detect(values)
    assert decode(values[-1], guess.codec) == texts[-1][: len(texts[-1]) - cut]

"""Symbols: every sort has one, codes are found, drawings keep to their frame."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.pinyin import initials
from layers.drills.symbol_lines import AREAS, HIGH, LINES, area_symbol_of, line_symbol_of
from layers.drills.symbol_shapes import BAND, SIZE
from layers.drills.symbols import ALL, SYMBOLS, corners, search, svg, symbol_of
from layers.kinds.emergency import HAZARD_SORTS, RESOURCE_SORTS


def test_every_sort_of_resource_and_hazard_has_a_symbol_of_its_class() -> None:
    for sort in (*RESOURCE_SORTS, *HAZARD_SORTS):
        assert symbol_of(sort.key).letter == sort.symbol


def test_there_are_sixty_points_nine_lines_and_three_areas() -> None:
    assert (len(SYMBOLS), len(LINES), len(AREAS)) == (60, 9, 3)
    assert {symbol.letter for symbol in SYMBOLS} == set("ABCD")
    assert all(symbol.told for symbol in (*LINES, *AREAS))


def test_codes_keys_and_names_are_there_once_and_well_formed() -> None:
    for words in ("code", "key", "names", "strokes"):
        assert len({getattr(symbol, words) for symbol in ALL}) == len(ALL), words
    assert all(len(s.code) == 6 and s.code[0] in "ABCDEF" and s.code[1:].isdigit() for s in ALL)


def test_every_chinese_name_has_a_syllable_for_each_sign_and_a_short_label() -> None:
    for symbol in ALL:
        assert len(symbol.pinyin.split()) == len(symbol.names[1]), symbol.key
        assert 2 <= len(symbol.label) <= 4 or len(symbol.names[1]) < 2, symbol.key
        assert symbol.pinyin.replace(" ", "").isalpha()


def test_figures_stay_inside_and_above_the_band_of_the_label() -> None:
    for symbol in SYMBOLS:
        for what, numbers in symbol.strokes:
            if what in "CDH":
                x, y, r = numbers
                assert r <= x <= SIZE - r, symbol.key
                assert r <= y <= BAND - r or what == "H", symbol.key
            else:
                assert all(0 <= x <= SIZE and 0 <= y <= BAND for x, y in corners(numbers)), (
                    symbol.key
                )


def test_pieces_of_lines_stay_in_their_strip_and_begin_and_end_alike() -> None:
    for symbol in (*LINES, *AREAS):
        ends: dict[float, set[float]] = {0.0: set(), symbol.period: set()}
        for what, numbers in symbol.strokes:
            if what in "CDH":
                x, y, r = numbers
                assert r <= x <= symbol.period - r
                assert r <= y <= HIGH - r
                continue
            for x, y in corners(numbers):
                assert 0.0 <= x <= symbol.period
                assert 0.0 <= y <= HIGH
                if x in ends:
                    ends[x].add(y)
        assert ends[0.0] == ends[symbol.period], symbol.key  # pieces can be drawn out


def test_symbols_are_found_by_code_name_pinyin_and_initials() -> None:
    assert search("A20100")[0].key == "fire"
    assert [symbol.key for symbol in search("Hydr")] == ["hydrant"]
    assert "shelter" in [symbol.key for symbol in search("bncs")]
    assert [symbol.key for symbol in search("xiao huo shuan")] == ["hydrant"]
    assert "fire-engine" in [symbol.key for symbol in search("fangche")]
    assert search("E302")[0].key == "evacuation-route"
    assert [symbol.key for symbol in search("jjd", SYMBOLS)] == ["assembly"]
    assert len(search("")) == len(ALL)
    assert search("no such thing") == []


def test_letters_of_names_that_nobody_spelled_out() -> None:
    """All but signs with two sounds (调, 藏) agree with what is spelled out."""
    agree = [initials(symbol.names[1]) == symbol.initials for symbol in ALL]
    assert sum(agree) >= len(ALL) - 2
    assert initials("㐀 Pump-2") == "pump2"


def test_lines_and_areas_are_found_by_code_and_have_a_way_out() -> None:
    assert line_symbol_of("E10100").key == "isolation"
    assert line_symbol_of("fibre").key == "fibre"
    assert line_symbol_of("", "route").key == "route"
    assert area_symbol_of("F10200").arrows == -1
    assert area_symbol_of("A10500").hatch == "waves"
    assert area_symbol_of("E10100").key == "cordon"


@settings(max_examples=30)
@given(st.text(max_size=12))
def test_any_code_gives_a_symbol_and_any_label_a_drawing(word: str) -> None:
    symbol = symbol_of(word)
    safe = "".join(sign for sign in word if sign.isprintable())
    assert ET.fromstring(svg(symbol, safe)).tag.endswith("svg")


def test_lines_and_areas_are_written_as_svg_too() -> None:
    for symbol in (*LINES, *AREAS):
        assert ET.fromstring(svg(symbol)).tag.endswith("svg")


def test_codes_with_a_subtype_take_the_symbol_of_their_head() -> None:
    assert symbol_of("A10400").told
    assert symbol_of("D20299").key == "hydrant"
    assert symbol_of("C99999").letter == "C"

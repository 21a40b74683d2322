"""Symbols: every sort has one, codes are found, drawings keep to their frame."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.symbols import BAND, SIZE, SYMBOLS, corners, search, svg, symbol_of
from layers.kinds.emergency import HAZARD_SORTS, RESOURCE_SORTS


def test_every_sort_of_resource_and_hazard_has_a_symbol_of_its_class() -> None:
    for sort in (*RESOURCE_SORTS, *HAZARD_SORTS):
        assert symbol_of(sort.key).letter == sort.symbol


def test_codes_and_keys_are_there_once_and_well_formed() -> None:
    assert len({symbol.code for symbol in SYMBOLS}) == len(SYMBOLS)
    assert len({symbol.key for symbol in SYMBOLS}) == len(SYMBOLS)
    assert all(len(s.code) == 6 and s.code[0] in "ABCD" and s.code[1:].isdigit() for s in SYMBOLS)


def test_figures_stay_above_the_band_of_the_label() -> None:
    for symbol in SYMBOLS:
        for what, numbers in symbol.strokes:
            if what in "CD":
                x, y, r = numbers
                assert r <= x <= SIZE - r, symbol.key
                assert r <= y <= BAND - r, symbol.key
            else:
                assert all(0 <= x <= SIZE and 0 <= y <= BAND for x, y in corners(numbers))


def test_symbols_are_found_by_code_name_and_initials() -> None:
    assert search("A20100")[0].key == "fire"
    assert [symbol.key for symbol in search("Hydr")] == ["hydrant"]
    assert "shelter" in [symbol.key for symbol in search("bncs")]
    assert len(search("")) == len(SYMBOLS)


@settings(max_examples=30)
@given(st.text(max_size=12))
def test_any_code_gives_a_symbol_and_any_label_a_drawing(word: str) -> None:
    symbol = symbol_of(word)
    safe = "".join(sign for sign in word if sign.isprintable())
    assert ET.fromstring(svg(symbol, safe)).tag.endswith("svg")


def test_codes_with_a_subtype_take_the_symbol_of_their_head() -> None:
    assert symbol_of("A10400").told
    assert symbol_of("D20299").key == "hydrant"
    assert symbol_of("C99999").letter == "C"

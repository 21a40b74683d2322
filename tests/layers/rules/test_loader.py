"""Rule packs are read strictly, and a user's pack takes the place of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import CityError
from layers.rules.loader import PACKS, built_in, packs_in, read_pack, rule_set

HEAD = '[pack]\nid = "ours"\nstandard = "S 1"\ntitle = "Ours"\n'


def pack(folder: Path, text: str, name: str = "ours.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ('"300..600"', (300, 600), (299.9, 601)),
        ('">24..60"', (24.1, 60), (24, 60.1)),
        ('"110..<220"', (110, 219), (109, 220)),
        ('"<=24"', (24, -5), (24.1,)),
        ('"<24"', (23.9,), (24,)),
        ('">=500"', (500,), (499,)),
        ("300", (300,), (299, 301)),
    ],
)
def test_conditions_on_numbers(
    tmp_path: Path, written: str, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    file = pack(
        tmp_path,
        HEAD + f'[[rule]]\nkey = "a.b"\nvalue = 1.0\nunit = "m"\nwhen = {{ x = {written} }}\n',
    )
    rules = rule_set([read_pack(file)])
    assert all(rules.find("a.b", x=value) is not None for value in inside)
    assert all(rules.find("a.b", x=value) is None for value in outside)
    assert rules.find("a.b", x="300 or so") is None
    assert rules.find("a.b") is None


def test_a_table_gives_a_rule_per_cell(tmp_path: Path) -> None:
    file = pack(
        tmp_path,
        HEAD + '[[table]]\nkey = "a.b"\nunit = "m"\nrow = "r"\ncolumn = "c"\nsymmetric = true\n'
        'columns = ["x", "y"]\n[table.rows]\nx = [1.0, "-"]\ny = [2.0, 3.0]\n',
    )
    rules = rule_set([read_pack(file)])
    values = {(r, c): rules.find("a.b", r=r, c=c) for r in "xy" for c in "xy"}
    assert {k: v and v.value for k, v in values.items()} == {
        ("x", "x"): 1.0, ("x", "y"): 2.0, ("y", "x"): 2.0, ("y", "y"): 3.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "pack"),
        (HEAD + "[[rule]]\n", "rule.0.key"),
        (HEAD + '[[rule]]\nkey = "a.b"\nvalue = 1.0\nunit = "m"\nlimit = 3\n', "limit"),
        (
            HEAD + '[[rule]]\nkey = "a.b"\nvalue = [2.0, 1.0]\nsense = "range"\nunit = "m"\n',
            "range",
        ),
        (HEAD + '[[rule]]\nkey = "a.b"\nvalue = 1.0\nunit = "m"\nwhen = { x = ".." }\n', "bound"),
        (
            HEAD + '[[table]]\nkey = "a.b"\nunit = "m"\nrow = "r"\ncolumn = "c"\n'
            'columns = ["x"]\n[table.rows]\nx = [1.0, 2.0]\n',
            "row 'x' has 2 figures",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CityError) as error:
        read_pack(pack(tmp_path, text))
    assert error.value.code == "rules.invalid"
    assert told in str(error.value)


def test_what_is_no_toml_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_bytes("[pack\nid='深圳'".encode("gbk"))
    with pytest.raises(CityError) as error:
        read_pack(file)
    assert error.value.code == "rules.unreadable"
    with pytest.raises(CityError):
        read_pack(tmp_path / "none.toml")


def test_a_pack_of_ones_own_takes_the_place_of_ours(tmp_path: Path) -> None:
    text = (PACKS / "gb50016-fire.toml").read_text(encoding="utf-8").replace("13.0", "15.0")
    pack(tmp_path, text, "fire.toml")
    rules = rule_set(packs_in([tmp_path]))
    found = rules.find("fire.spacing", first="tower", second="tower")
    assert found is not None
    assert found.value == 15.0
    assert len(packs_in([tmp_path])) == len(built_in()) == len(packs_in([tmp_path / "none"]))

"""Rule packs on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main


def test_packs_are_listed_shown_copied_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "list", "--json"]) == 0
    packs = {pack["id"]: pack for pack in json.loads(capsys.readouterr().out)}
    assert packs["gb50289-2016"]["verified"] == 0
    assert main(["rules", "show", "gb50289-2016", "--key", "pipes.cover.river", "--json"]) == 0
    rules = json.loads(capsys.readouterr().out)
    assert [rule["value"] for rule in rules] == [2.0, 1.0, 0.5]
    assert main(["rules", "show", "gb50289-2016", "--key", "pipes.cover"]) == 0
    assert "pipes.cover" in capsys.readouterr().out
    copy = tmp_path / "ours.toml"
    assert main(["rules", "copy", "gb50016-fire", str(copy)]) == 0
    assert main(["rules", "check", str(copy)]) == 0
    assert "gb50016-fire" in capsys.readouterr().out
    assert main(["rules", "copy", "gb50016-fire", str(copy)]) == 2


def test_a_wrong_pack_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "show", "nothing"]) == 2
    assert "gb50289-2016" in capsys.readouterr().err
    bad = tmp_path / "bad.toml"
    bad.write_text("[pack]\n", encoding="utf-8")
    assert main(["rules", "check", str(bad)]) == 2
    assert "bad.toml" in capsys.readouterr().err

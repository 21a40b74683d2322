"""Texts come in the reader's language, and never fail."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import settings, wording
from app.answer_words import cell
from app.settings import Settings
from app.wording import Message, Wording, detect
from layers.analyses.base import Note
from layers.errors import CityError
from layers.history import Label
from layers.rules.loader import built_in


def test_an_error_is_told_in_chinese_with_its_facts_and_a_hint() -> None:
    error = CityError(
        "project.no_such_view", "There is no view 'A'.", hint="the views are: B", view="A",
        views="B", where="city.gpkg",
    )  # fmt: skip
    assert Wording("zh-CN").error(error) == ("city.gpkg：没有视图“A”。", "现有视图：B")
    assert Wording("en").error(error) == ("city.gpkg: There is no view 'A'.", "the views are: B")


def test_an_error_without_its_facts_falls_back_to_english() -> None:
    error = CityError("project.no_such_view", "There is no view 'A'.", hint="look again")
    assert Wording("zh-CN").error(error) == ("There is no view 'A'.", "look again")


def test_an_unknown_error_and_an_unknown_text_are_told_as_they_are() -> None:
    assert Wording("zh-CN").error(CityError("no.such", "Odd.")) == ("Odd.", "")
    assert Wording("zh-CN").t("no-such-text") == "no-such-text"


def test_numbers_in_texts_stay_ungrouped_and_no_invisible_marks_come_in() -> None:
    label = Label("edit-set-height", {"building": 12345678, "metres": 30.0})
    assert Wording("en").label(label) == "Set height of building 12345678 to 30 m"
    assert Wording("zh-CN").label(label) == "将建筑 12345678 的高度设为 30 m"


def test_a_message_is_a_text_or_an_error() -> None:
    english = Wording("en")
    assert english.message(Message("info", "edit-set-info")) == ("Change project settings", "")
    odd = Message("error", error=CityError("no.such", "Odd.", hint="wait"))
    assert english.message(odd) == ("Odd.", "wait")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1234.5678, "m", "1,234.57 m"),
        (0.004, "m", "0.00 m"),
        (123456.7, "m2", "123,457 m²"),
        (99.96, "m2", "100.0 m²"),
        (math.pi, "rad", "180.00°"),
        (114.1234567891, "deg", "114.12°"),
        (0.99987654, "ratio", "0.999877"),
        (12.0, "count", "12"),
        (math.nan, "m", "unknown"),
    ],
)
def test_values_are_written_with_sensible_digits(value: float, unit: str, text: str) -> None:
    assert Wording("en").quantity(value, unit) == text


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from([*wording.UNITS, "odd"]))
def test_every_number_can_be_written(value: float, unit: str) -> None:
    text = Wording("zh-CN").quantity(value, unit)
    assert text
    assert not text.startswith("-0.00 ")


def test_the_language_comes_from_the_variable_then_the_settings_then_the_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CITYSTAGE_LANG", "en")
    assert detect("zh-CN") == "en"
    monkeypatch.delenv("CITYSTAGE_LANG")
    monkeypatch.setenv("LC_ALL", "zh_CN.GB18030")
    assert detect("") == "zh-CN"
    assert detect("en") == "en"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert detect("") == "en"


def test_what_the_command_line_asks_for_goes_before_variable_and_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CITYSTAGE_LANG", "en")
    with wording.spoken("zh-CN"):
        assert detect("en") == "zh-CN"
        assert wording.current().locale == "zh-CN"
    assert detect("zh-CN") == "en"
    with wording.spoken(""):
        assert detect("zh-CN") == "en"
    wording.set_current("en")


def test_switching_the_language_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def hear(locale: str) -> None:
        heard.append(locale)

    wording.set_current("en")
    wording.language_changed.connect(hear)
    try:
        wording.set_current("zh-CN")
        wording.set_current("zh-CN")
        assert wording.current().t("kind-roads") == "道路"
    finally:
        wording.set_current("en")
        wording.language_changed.disconnect(hear)
    assert heard == ["zh-CN", "en"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CITYSTAGE_CONFIG", str(tmp_path))
    return tmp_path


def test_settings_come_back_as_they_were_saved(home: Path) -> None:
    first = Settings(language="zh-CN", theme="dark")
    first.remember(home / "a.gpkg")
    first.remember(home / "b.gpkg")
    first.remember(home / "a.gpkg")
    settings.save(first)
    again = settings.load()
    assert again == first
    assert [Path(text).name for text in again.recent_files] == ["a.gpkg", "b.gpkg"]
    assert [path.name for path in home.iterdir()] == ["settings.json"]


def test_a_setting_that_makes_no_sense_takes_its_default_and_the_others_stay(home: Path) -> None:
    text = '{"theme": "plaid", "language": "zh-CN", "from_a_newer_version": 3}'
    settings.settings_file().write_text(text)
    loaded = settings.load()
    assert (loaded.theme, loaded.language) == ("system", "zh-CN")
    assert loaded.model_dump()["from_a_newer_version"] == 3


def test_a_broken_settings_file_is_kept_aside(home: Path) -> None:
    settings.settings_file().write_text("{")
    assert settings.load() == Settings()
    assert (home / "settings.broken.json").read_text() == "{"


def test_settings_that_cannot_be_written_say_where(home: Path) -> None:
    (home / "settings.new").mkdir()
    with pytest.raises(CityError, match="cannot be written") as caught:
        settings.save(Settings())
    assert "settings.json" in caught.value.where


def test_remarks_of_rules_that_tables_show_are_told_in_chinese() -> None:
    words = Wording("zh-CN")
    shown = [pack for pack in built_in() if pack.id in {"gb50289-2016", "floor-area"}]
    remarks = {rule.note for pack in shown for rule in pack.rules if rule.note}
    assert len(remarks) >= 8
    assert not [text for text in remarks if words.remark(text) == text]
    assert cell("note", "may be reduced with measures", words) == "采取措施可适当减小"
    assert cell("note", "本地规定", words) == "本地规定"
    assert words.note(Note("indicators_rules", {"rule": "full"})).endswith("满流时。")
    assert Wording("en").remark("written by a bureau") == "written by a bureau"

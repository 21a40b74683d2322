"""Dates as files write them say from when to when something is in service."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.kinds.valid_time import (
    ALWAYS,
    Moment,
    Valid,
    clock_text,
    read_column,
    read_period,
    read_time,
)

SPELLINGS = (
    "{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}.{m}.{d}", "{y}{m:02}{d:02}", "{y}年{m}月{d}日",
    "{y} 年 {m} 月 {d} 日", "{d:02}.{m:02}.{y}", "{d} {word} {y}", "{word} {d}, {y}",
    "{y}-{m:02}-{d:02}T00:00:00", "{y}-{m:02}-{d:02} 00:00:00.000", "{y}-{m:02}-{d:02}T00:00:00Z",
    "{excel}", "{seconds}", "{seconds}000",
)  # fmt: skip
WORDS = ("", "January", "Feb", "March", "Apr.", "May", "June", "Jul", "August", "Sept", "October",
         "Nov", "December")  # fmt: skip


def days(text: object) -> tuple[str, str]:
    """Give what a word names as text."""
    span = read_time(text)
    assert span is not None
    return clock_text(span.begin), clock_text(span.end, end=True)


@given(st.dates(date(2002, 1, 1), date(2099, 12, 31)), st.sampled_from(SPELLINGS))
def test_a_day_is_that_day_however_it_is_written(day: date, spelling: str) -> None:
    seconds = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    text = spelling.format(
        y=day.year, m=day.month, d=day.day, word=WORDS[day.month],
        excel=(day - date(1899, 12, 30)).days, seconds=seconds,
    )  # fmt: skip
    assert days(text) == (day.isoformat(), day.isoformat())


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2026年6月", "2026-06-01", "2026-06-30"),
        ("202612", "2026-12-01", "2026-12-31"),
        ("Dec 2026", "2026-12-01", "2026-12-31"),
        ("2026年", "2026-01-01", "2026-12-31"),
        ("二〇二六年十二月三十一日", "2026-12-31", "2026-12-31"),
        ("二零二六年二月", "2026-02-01", "2026-02-28"),
        ("民国115年6月30日", "2026-06-30", "2026-06-30"),
        ("２０２６－０６－３０", "2026-06-30", "2026-06-30"),
        ("2026-06-30 18:05", "2026-06-30 18:05", "2026-06-30 18:05"),
        ("20260630180500", "2026-06-30 18:05", "2026-06-30 18:05"),
        ("2026年6月30日 下午6时5分", "2026-06-30 18:05", "2026-06-30 18:05"),
        ("2026/06/30 6:05 PM", "2026-06-30 18:05", "2026-06-30 18:05"),
        ("2026年6月30日（星期二）", "2026-06-30", "2026-06-30"),
        ("长期", "", ""),
        ("9999-12-31", "", ""),
        ("Permanent", "", ""),
        ("-", "", ""),
    ],
)
def test_months_years_times_and_words_are_read(text: str, begin: str, end: str) -> None:
    assert days(text) == (begin, end)


@pytest.mark.parametrize(
    "text", ["", "soon", "5年", "2026-13-01", "2026-02-30", "0910-01-01", "03/04/2026", "12",
             "2026-06-30 25:00", "2026-06 18:00"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_time(text) is None


def test_other_words_of_a_column_tell_whether_days_come_first() -> None:
    told = read_column(["03/04/2026", "30/06/2026"])
    assert told["03/04/2026"].span == read_time("2026-04-03")
    told = read_column(["03/04/2026", "06/30/2026"])
    assert told["03/04/2026"].span == read_time("2026-03-04")
    assert read_column(["03/04/2026", "06/30/2026", "30/06/2026"])["03/04/2026"].odd


def test_a_period_in_one_field_says_both() -> None:
    for text in ("2024-01-01 至 2026-12-31", "2024.1.1-2026.12.31", "2024-2026",
                 "自2024年1月1日到2026年12月31日止", "2024-01-01 - 2026-12-31"):  # fmt: skip
        period = read_period(text)
        assert period is not None
        assert clock_text(period[0].begin) == "2024-01-01"
        assert clock_text(period[1].end, end=True) == "2026-12-31"
    valid = Valid.of(["", "2025-01-01"], ["2024-01-01 至 2026-12-31"] * 2)
    assert valid.words(0) == ("2024-01-01", "2026-12-31")
    assert valid.words(1) == ("2025-01-01", "2026-12-31")


def test_the_last_day_counts_whole_and_a_moment_to_the_minute() -> None:
    valid = Valid.of(
        ["", "2026-06-30", None, "2027"], ["2026-06-30", "", "2026-06-30 18:00", "2026"]
    )

    def held(text: str) -> list[bool]:
        holds: list[bool] = valid.holds(Moment.of(datetime.fromisoformat(text))).tolist()
        return holds

    assert held("2026-06-29T23:59") == [True, False, True, False]
    assert held("2026-06-30T18:00") == [True, True, True, False]
    assert held("2026-06-30T23:59:59") == [True, True, False, False]
    assert held("2026-07-01T00:00") == [False, True, False, False]


def test_what_names_a_zone_is_carried_to_the_clock_of_the_city() -> None:
    china = timezone(timedelta(hours=8))
    valid = Valid.of([""] * 3, ["2026-06-29T16:00:00Z", "1782748800000", "2026-06-30T18:00+08:00"])
    # midnight in China, as programs store the day 2026-06-30 there
    for text, wanted in (
        ("2026-06-30T17:59", [True, True, True]),
        ("2026-06-30T18:01", [True, True, False]),
        ("2026-07-01T00:00", [False, False, False]),
    ):
        when = Moment.of(datetime.fromisoformat(text).replace(tzinfo=china))
        assert valid.holds(when).tolist() == wanted
    assert valid.words(0, 8 * 3600.0) == ("", "2026-06-30")


def test_dates_nobody_can_read_limit_nothing() -> None:
    valid = Valid.of(["?!", ""], ["soon", ""])
    assert valid.unread.tolist() == [True, False]
    assert not valid.limited.any()
    assert valid.holds(Moment(0.0)).all()
    assert read_time("永久有效") == ALWAYS


@given(st.lists(st.text(max_size=12), max_size=6))
def test_no_words_make_it_fail(words: list[str]) -> None:
    valid = Valid.of(words, words[::-1])
    assert len(valid.begin) == len(words)
    assert not np.isnan(valid.end).any()

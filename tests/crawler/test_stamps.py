"""Dates without a year, stamps for machines, and any text at all."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import dates
from storage.records import Precision
from tests.growth import does_not_grow


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "day", "month", "clock"),
    [
        ("18 Dec 14:23", 18, 12, (14, 23)),
        ("18Dec14:23", 18, 12, (14, 23)),
        ("**Published 24 April**", 24, 4, None),
        ("Thursday, August 8", 8, 8, None),
        ("Cyhoeddwyd 3 o Fawrth", 3, 3, None),
        ("Dydd Mawrth 2 Mawrth", 2, 3, None),
    ],
)
def test_a_line_of_day_and_month_is_read(printed: str, day: int, month: int, clock: tuple[int, int] | None) -> None:
    found = dates.yearless(printed)
    assert found is not None
    assert (found.day, found.month, found.hour_minute) == (day, month, clock)


@pytest.mark.parametrize(
    "text",
    ["24 April 2020", "Incident 24 March", "A man, 24, March", "1 March to 3 April", "Monday 14th – Sunday 20th November", "May 2020", "12:30", "32 May", "40 March", "yesterday (19/2)", "Call 101 on 3 May", "", "Mawrth"],
)  # fmt: skip
def test_a_line_that_says_more_or_less_is_no_date_without_year(text: str) -> None:
    assert dates.yearless(text) is None


@pytest.mark.parametrize(
    ("text", "stated", "precision"),
    [
        ("2016-12-23T10:15:00+01:00", "2016-12-23 09:15", Precision.MINUTE),
        ("2016-12-23T10:15:00.123Z", "2016-12-23 10:15", Precision.MINUTE),
        ("2016-12-23T10:15+0100", "2016-12-23 09:15", Precision.MINUTE),
        ("20161223T101500+0100", "2016-12-23 09:15", Precision.MINUTE),
        ("20161223", "2016-12-23", Precision.DAY),
        ("20161223101500", "2016-12-23 10:15", Precision.MINUTE),
        ("1482488100", "2016-12-23 10:15", Precision.MINUTE),
        ("1482488100000", "2016-12-23 10:15", Precision.MINUTE),
        ("Fri, 23 Dec 2016 10:15:00 GMT", "2016-12-23 10:15", Precision.MINUTE),
        ("Fri Dec 23 10:15:00 CET 2016", "2016-12-23", Precision.DAY),
        ("2016-12-23 00:00:00", "2016-12-23", Precision.DAY),
        ("2016-07-23T00:00:00+02:00", "2016-07-23", Precision.DAY),
        ("2016-12-23 10:15:00 EST", "2016-12-23", Precision.DAY),
    ],
)
def test_a_stamp_for_machines_is_read(text: str, stated: str, precision: Precision) -> None:
    found = dates.stamp(text)
    assert found is not None
    assert (found.utc.replace(second=0), found.precision) == (utc(stated), precision)


@pytest.mark.parametrize(
    "text", ["", "2016", "0001-01-01T00:00:00Z", "1970-01-01", "20161399", "99999999999", "x" * 90]
)
def test_what_is_no_date_is_no_stamp(text: str) -> None:
    assert dates.stamp(text) is None


@given(st.text(alphabet="0123456789-/:.T Z+٣²JanuayMonpstedh\n", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_stamp_or_a_date_without_year_or_none(text: str) -> None:
    dates.stamp(text)
    dates.find(text)
    dates.date_line(text)
    if found := dates.yearless(text):
        found.near(date(2020, 2, 1))
        found.before(date(2020, 2, 1))


@pytest.mark.parametrize("unit", ["2020-01-01T99:99 ", "31/02/2020 ", "30 February 2020, ", "1 May 2020 25:99 "])
def test_a_text_of_any_length_is_looked_through_no_further_than_a_line(unit: str) -> None:
    does_not_grow(lambda: dates.find(unit * 50), lambda: dates.find(unit * 5_000))

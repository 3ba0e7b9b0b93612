"""Windows of hours, on ordinary days and on those on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.days import LONDON
from storage.hours import opening, windows


def london(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "at", "opens"),
    [
        (["06:00-23:00"], "2026-06-16 05:59", "2026-06-16 06:00"),
        (["06:00-23:00"], "2026-06-16 06:00", "2026-06-16 06:00"),
        (["06:00-23:00"], "2026-06-16 22:59", "2026-06-16 22:59"),
        (["06:00-23:00"], "2026-06-16 23:00", "2026-06-17 06:00"),
        (["00:00-24:00"], "2026-06-16 00:00", "2026-06-16 00:00"),
        (["22:00-02:00"], "2026-06-16 01:59", "2026-06-16 01:59"),
        (["22:00-02:00"], "2026-06-16 02:00", "2026-06-16 22:00"),
        (["22:00-00:00"], "2026-06-17 00:00", "2026-06-17 22:00"),
        (["09:00-12:00", "14:00-17:00"], "2026-06-16 12:30", "2026-06-16 14:00"),
        # 2026-06-19 is a Friday.
        (["Mon-Fri 06:00-23:00"], "2026-06-19 23:30", "2026-06-22 06:00"),
        (["Mon-Fri 06:00-23:00", "sat, sun 08:00-20:00"], "2026-06-19 23:30", "2026-06-20 08:00"),
        (["Fri 22:00-02:00"], "2026-06-20 01:00", "2026-06-20 01:00"),
        (["Fri 22:00-02:00"], "2026-06-21 01:00", "2026-06-26 22:00"),
        (["Sat-Mon 10:00-11:00"], "2026-06-22 11:00", "2026-06-27 10:00"),
        (["Sunday 10:00-11:00"], "2026-06-22 10:30", "2026-06-28 10:00"),
        # Clocks go forward at 01:00 on 2026-03-29, back at 02:00 on 2026-10-25.
        (["06:00-23:00"], "2026-03-28 23:30", "2026-03-29 06:00"),
        (["01:30-04:00"], "2026-03-29 00:59", "2026-03-29 02:00"),
        (["01:00-02:00"], "2026-03-29 00:30", "2026-03-30 01:00"),
        (["06:00-23:00"], "2026-10-24 23:30", "2026-10-25 06:00"),
    ],
)
def test_when_a_window_opens(hours: list[str], at: str, opens: str) -> None:
    assert opening(windows(hours), london(at)).astimezone(LONDON) == datetime.fromisoformat(opens).replace(
        tzinfo=LONDON
    )


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    hours = windows(["01:15-01:45"])
    first, second = london("2026-10-25 01:20"), london("2026-10-25 01:20", fold=1)
    assert (second - first).seconds == 3600
    assert opening(hours, first) == first
    assert opening(hours, second) == second
    assert opening(hours, london("2026-10-25 01:50")) == london("2026-10-25 01:15", fold=1)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ([], "no hours at all"),
        (["6-23"], "'6-23' is no time of the day; write it as in"),
        (["06:00"], "is no time of the day"),
        (["06:00-24:30"], "from 00:00 to 24:00"),
        (["24:00-06:00"], "from 00:00 to 24:00"),
        (["06:00-06:00"], "the whole day is '00:00-24:00'"),
        (["06:00-06:15"], "shorter than 30 minutes"),
        (["Wen 06:00-08:00"], "'wen' is no day; write Mon"),
        (["Mon-Wed-Fri 06:00-08:00"], "is no day"),
        (["Mon, 06:00-08:00"], "'' is no day"),
    ],
)
def test_what_is_no_window_is_told(hours: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        windows(hours)


MINUTES = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
DAYS = st.sampled_from(["", "Mon ", "Mon-Fri ", "Sat,Sun ", "Fri-Mon ", "Tue,Thu "])
CLOCK = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")


@given(at=MINUTES, days=DAYS, start=CLOCK, end=CLOCK)
@settings(max_examples=30, deadline=None)
def test_the_opening_is_the_first_moment_that_is_open(at: datetime, days: str, start: str, end: str) -> None:
    if start == end:
        end = "24:00" if start == "00:00" else "00:00"
    hours = windows([f"{days}{start}-{end}"])
    opens = opening(hours, at)
    assert opens >= at
    assert any(window.holds(opens) for window in hours)
    step = (opens - at) / 97
    assert opens == at or not any(window.holds(at + n * step) for n in range(97) for window in hours)

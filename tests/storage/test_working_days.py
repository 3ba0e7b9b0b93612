"""What counts as a day of rest, by the dates that GOV.UK prints."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.working_days import is_rest, working_days

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 5), date(2025, 5, 26), date(2025, 8, 25), date(2026, 4, 3),
        date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31), date(2026, 12, 28), date(2027, 3, 26),
        date(2028, 1, 3), date(2026, 11, 21), date(2026, 11, 22),
    ],
)  # fmt: skip
def test_bank_holidays_and_weekends_are_rest(day: date) -> None:
    assert is_rest(day)


@pytest.mark.parametrize(
    "day", [date(2026, 4, 7), date(2026, 5, 11), date(2026, 1, 5), date(2026, 12, 23), date(2028, 1, 4)]
)
def test_the_days_beside_them_are_not(day: date) -> None:
    assert not is_rest(day)


def test_a_stretch_over_a_weekend_holds_less_and_parts_of_days_count_as_parts() -> None:
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert working_days(friday, friday + 3 * DAY) == pytest.approx(1 + 2 * 0.3)
    assert working_days(friday - 3 * DAY, friday) == pytest.approx(3)
    assert working_days(friday, friday + 7 * DAY) == pytest.approx(5.6)
    summer = datetime(2026, 10, 23, 23, 0, tzinfo=UTC)  # the night before the clocks go back: Sunday has 25 hours
    assert working_days(summer, summer + 2 * DAY + timedelta(hours=1)) == pytest.approx(0.6)

"""Numbers and days in words, for the sentences beside a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def stories_said(number: int, what: str = "story") -> str:
    """'no stories', '1 story', '1,204 stories'."""
    many = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{f'{number:,}' if number else 'no'} {what if number == 1 else many}"


def day_said(day: date) -> str:
    """'Monday 2 November 2026'."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def across(days: Sequence[date]) -> str:
    """'26 October to 24 November 2026'; the first year where it is another."""
    first, last = days[0], days[-1]
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {first:%B}{year} to {last.day} {last:%B} {last.year}"


def most_of(days: Sequence[date], numbers: Sequence[int]) -> str:
    """', most on Monday 2 November 2026 (7)' for the first of the days with the most; nothing where all are 0."""
    most = max(numbers, default=0)
    return f", most on {day_said(days[numbers.index(most)])} ({most:,})" if most else ""


def named(names: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]

"""Figures along time: by day, hour and weekday, all of London."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from feeds.site.pictures.drawing import Chart
from feeds.site.pictures.shown import DAYS, WEEKS, Figure, Scope
from feeds.site.pictures.wording import across, day_said, most_of, stories_said
from storage import figures


def days(conn: sa.Connection, name: str, scope: Scope, today: date) -> Figure:
    """Stories a day."""
    found = figures.stories_by_day(conn, today, DAYS, sources=scope.sources)
    days = [each.day for each in found]
    numbers = [each.stories for each in found]
    return Figure(
        name=name,
        title="Stories a day",
        alt=f"{scope.name} published {stories_said(sum(numbers))} in the last {DAYS} days{most_of(days, numbers)}.",
        note=f"By the day of publication in London, {across(days)}, the last day so far. Withdrawn stories are counted; undated ones by the day they were first seen.",
        columns=("Day", "Stories"),
        rows=_by_day(days, [(number,) for number in numbers]),
        chart=_standing(days, [("Stories", numbers)]),
    )


def changes(conn: sa.Connection, name: str, scope: Scope, today: date) -> Figure:
    """Edits, withdrawals and returns a day."""
    found = figures.changes_by_day(conn, today, DAYS, sources=scope.sources)
    days = [each.day for each in found]
    numbers = [(each.edited, each.removed, each.restored) for each in found]
    edits, gone, back = (sum(column) for column in zip(*numbers, strict=True))
    series = zip(("Edits", "Withdrawals", "Returns"), zip(*numbers, strict=True), strict=True)
    return Figure(
        name=name,
        title="Edits, withdrawals and returns a day",
        alt=f"In the last {DAYS} days {stories_said(edits, 'edit')}, {stories_said(gone, 'withdrawal')} and"
        f" {stories_said(back, 'return')} of withdrawn stories were noticed{most_of(days, [sum(row) for row in numbers])}.",
        note=f"By the day in London on which they were noticed, {across(days)}, the last day so far.",
        columns=("Day", "Edits", "Withdrawals", "Returns"),
        rows=_by_day(days, numbers),
        chart=_standing(days, list(series)),
    )


def hours(conn: sa.Connection, name: str, scope: Scope, today: date) -> Figure:
    """At what time of the day stories are published."""
    found = figures.publication_hours(conn, today, 7 * WEEKS, sources=scope.sources)
    labels = [f"{hour:02}:00" for hour in range(24)]
    busiest = (
        f", most between {labels[found.index(max(found))]} and {found.index(max(found)) + 1:02}:00"
        if any(found)
        else ""
    )
    return Figure(
        name=name,
        title="Hours of publication",
        alt=f"{stories_said(sum(found)).capitalize()} of the last {WEEKS} weeks state a time of publication{busiest}.",
        note=f"Stories of the last {WEEKS} weeks that state a time, by the hour in London.",
        columns=("Hour", "Stories"),
        rows=tuple(zip((f"{label[:3]}00 to {label[:3]}59" for label in labels), found, strict=True)),
        chart=Chart(labels=labels, series=[("Stories", found)], shown=frozenset(labels[::6])),
    )


def weekdays(conn: sa.Connection, name: str, scope: Scope, today: date) -> Figure:
    """On which weekday stories are published."""
    found = figures.publication_weekdays(conn, today, 7 * WEEKS, sources=scope.sources)
    labels = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    busiest = f", most on a {labels[found.index(max(found))]}" if any(found) else ""
    return Figure(
        name=name,
        title="Days of publication",
        alt=f"{stories_said(sum(found)).capitalize()} of the last {WEEKS} weeks state a day of publication{busiest}.",
        note=f"Stories of the last {WEEKS} weeks that state a day, by the weekday in London.",
        columns=("Weekday", "Stories"),
        rows=tuple(zip(labels, found, strict=True)),
        chart=Chart(labels=labels, series=[("Stories", found)], lying=True),
    )


def _by_day(days: Sequence[date], numbers: Sequence[tuple[int, ...]]) -> tuple[tuple[str | int, ...], ...]:
    """The newest first, as a reader looks for it; the last day is not over."""
    said = [*map(day_said, days[:-1]), f"{day_said(days[-1])} (so far)"]
    return tuple((day, *row) for day, row in zip(reversed(said), reversed(numbers), strict=True))


def _standing(days: Sequence[date], series: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """By day, with the Mondays named."""
    labels = [f"{day.day} {day:%b}" for day in days]
    mondays = frozenset(label for label, day in zip(labels, days, strict=True) if day.weekday() == 0)
    return Chart(labels=labels, series=series, shown=mondays)

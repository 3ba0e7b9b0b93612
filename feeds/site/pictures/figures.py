"""The figures that the site shows: each as a sentence, as rows of a table, and as a chart of the same numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from feeds.site.pictures.drawing import WIDTH, Chart, draw
from feeds.site.pictures.wording import across, day_said, most_of, named, stories_said
from feeds.text import one_line, shortened
from storage import figures
from storage.areas import area_slug
from storage.kinds import kind_name
from storage.tables import SOURCE

DAYS, WEEKS = 30, 12
_LONGEST_LABEL = 24
_OF_AREA = re.compile(r"area-([a-z0-9][a-z0-9-]*)-(days|kinds)")


class UnknownFigure(LookupError):  # noqa: N818  named as what it is
    """Raised for a name that no figure has, and for an area that is not in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Numbers to show. `alt`: what they say, in a sentence; `note`: what was counted; `rows`: under `columns`, numbers as int;
    `chart`: the same as a picture.
    """

    name: str
    title: str
    alt: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    chart: Chart

    @property
    def width(self) -> int:
        """Of the picture, for its <img>."""
        return WIDTH

    @property
    def height(self) -> int:
        """Of the picture."""
        return self.chart.height

    def svg(self) -> bytes:
        """The picture; the same bytes for the same numbers."""
        return draw(self.chart, self.title, self.alt)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Whose stories are counted. `sources` None: all."""

    name: str
    sources: Sequence[str] | None = None


def figure(conn: sa.Connection, name: str, today: date) -> Figure:
    """The figure of a name, as it stands on a day in London: all-days, changes-days, kinds, coverage, hours, weekdays,
    area-<slug>-days, area-<slug>-kinds. Raises `UnknownFigure`.
    """
    of_area = _OF_AREA.fullmatch(name)
    if of_area is not None:
        return _OF_SCOPE[of_area[2]](conn, name, _area(conn, of_area[1]), today)
    if name not in _OF_ALL:
        raise UnknownFigure(name)
    return _OF_ALL[name](conn, name, _Scope("All forces together"), today)


def figure_names(conn: sa.Connection) -> list[str]:
    """The names of all figures that the store has."""
    slugs = {area_slug(area) for area in conn.scalars(sa.select(SOURCE.c.area).distinct())} - {""}
    return [*_OF_ALL, *(f"area-{slug}-{what}" for slug in sorted(slugs) for what in _OF_SCOPE)]


def _area(conn: sa.Connection, slug: str) -> _Scope:
    rows = conn.execute(sa.select(SOURCE.c.id, SOURCE.c.area, SOURCE.c.force).order_by(SOURCE.c.id)).all()
    theirs = [row for row in rows if area_slug(row.area) == slug]
    if not theirs:
        raise UnknownFigure(slug)
    forces = list(dict.fromkeys(shortened(one_line(row.force), 80) for row in theirs))
    return _Scope(named(forces), [row.id for row in theirs])


def _days(conn: sa.Connection, name: str, scope: _Scope, today: date) -> Figure:
    found = figures.stories_by_day(conn, today, DAYS, sources=scope.sources)
    days = [each.day for each in found]
    numbers = [each.stories for each in found]
    return Figure(
        name=name,
        title="Stories a day",
        alt=f"{scope.name} published {stories_said(sum(numbers))} in the last {DAYS} days{most_of(days, numbers)}.",
        note=f"By the day of publication in London, {across(days)}, the last day so far. Undated stories by the day they were first seen.",
        columns=("Day", "Stories"),
        rows=_by_day(days, [(number,) for number in numbers]),
        chart=_standing(days, [("Stories", numbers)]),
    )


def _changes(conn: sa.Connection, name: str, scope: _Scope, today: date) -> Figure:
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


def _kinds(conn: sa.Connection, name: str, scope: _Scope, today: date) -> Figure:
    found = figures.kinds(conn, today, DAYS, sources=scope.sources)
    names = ["Withheld" if kind is figures.WITHHELD else _label(kind) for kind in found]
    numbers = list(found.values())
    most = (
        f"; the most frequent kind is {names[0].lower()} ({numbers[0]:,})" if found and names[0] != "Withheld" else ""
    )
    return Figure(
        name=name,
        title="Kinds of stories",
        alt=f"{scope.name} published {stories_said(sum(numbers))} in the last {DAYS} days{most}.",
        note=f"Stories of the last {DAYS} days. What each is about is read from its words by a program, which can err.",
        columns=("Kind", "Stories"),
        rows=tuple(zip(names, numbers, strict=True)),
        chart=Chart(labels=names, series=[("Stories", numbers)], lying=True),
    )


def _coverage(conn: sa.Connection, name: str, scope: _Scope, today: date) -> Figure:
    found = figures.completeness(conn, today, DAYS, sources=scope.sources)
    has = {
        "Date": found.dated,
        "Standfirst": found.described,
        "Text": found.with_body,
        "Picture": found.with_image,
        "Reference": found.with_reference,
    }
    # Rounded down, but for nothing at all: 100% is said of all alone.
    shares = [100 * number // found.stories if found.stories else 0 for number in has.values()]
    said = ", ".join(f"{share}% have a {what.lower()}" for what, share in zip(has, shares, strict=True))
    return Figure(
        name=name,
        title="What stories state",
        alt=f"Of {stories_said(found.stories)} of the last {DAYS} days, {said}." if found.stories else _NOTHING,
        note=f"Of {stories_said(found.stories)} of the last {DAYS} days. A reference is a number to quote to police.",
        columns=("Stories that state a", "Stories", "Percent"),
        rows=tuple((what, number, share) for (what, number), share in zip(has.items(), shares, strict=True)),
        chart=Chart(labels=list(has), series=[("Percent", shares)], lying=True, unit="%"),
    )


def _hours(conn: sa.Connection, name: str, scope: _Scope, today: date) -> Figure:
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


def _weekdays(conn: sa.Connection, name: str, scope: _Scope, today: date) -> Figure:
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


_NOTHING = f"No story of the last {DAYS} days is stored."
_Builder = Callable[[sa.Connection, str, _Scope, date], Figure]
_OF_ALL: dict[str, _Builder] = {
    "all-days": _days,
    "changes-days": _changes,
    "kinds": _kinds,
    "coverage": _coverage,
    "hours": _hours,
    "weekdays": _weekdays,
}
_OF_SCOPE: dict[str, _Builder] = {"days": _days, "kinds": _kinds}


def _label(kind: str | None) -> str:
    return shortened(one_line(kind_name(kind or "other")), _LONGEST_LABEL)


def _by_day(days: Sequence[date], numbers: Sequence[tuple[int, ...]]) -> tuple[tuple[str | int, ...], ...]:
    """The newest first, as a reader looks for it; the last day is not over."""
    said = [*map(day_said, days[:-1]), f"{day_said(days[-1])} (so far)"]
    return tuple((day, *row) for day, row in zip(reversed(said), reversed(numbers), strict=True))


def _standing(days: Sequence[date], series: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """By day, with the Mondays named."""
    labels = [f"{day.day} {day:%b}" for day in days]
    mondays = frozenset(label for label, day in zip(labels, days, strict=True) if day.weekday() == 0)
    return Chart(labels=labels, series=series, shown=mondays)

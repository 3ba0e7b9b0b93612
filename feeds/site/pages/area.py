"""An area: what came last, what changed, its feeds and sources; and all its stories, month by month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from feeds.site.pages import changed, standing, stories
from feeds.site.pages.areas import Area, area_named
from feeds.site.pages.asking import Ask, Page, Refused
from feeds.site.pages.states import health_by_area
from feeds.site.pages.subscribing import alternates, choices
from feeds.site.pages.templating import render
from feeds.site.pictures.figures import figure
from storage.days import day_of, start_of

_STORIES, _CHANGES, _STORIES_OF_PART = 30, 8, 120
_LATELY = timedelta(days=366)  # of changes; all are on the page of changes
_YEARS = 12  # of months that an area's page lists; what is older is found by going back from month to month
_PERIOD = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?:_([1-9][0-9]{0,3}))?")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of London's calendar."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def words(self) -> str:
        """'November 2026'."""
        return f"{self.first:%B %Y}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    def plus(self, months: int) -> Month:
        """So many months later."""
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)


def area(ask: Ask, slug: str) -> Page:
    """`/areas/<slug>`"""
    found = area_named(ask.conn, slug)
    mine = found.source_ids
    listed = stories.newest(ask.conn, _STORIES, mine)
    months, sources = _months(ask, mine), health_by_area(ask.conn, ask.now)[found.slug]
    return _rendered(
        ask,
        found,
        "area.html",
        f"/areas/{found.slug}",
        days=stories.by_day(listed),
        changes=changed.latest(ask.conn, _CHANGES, changed.of_sources(mine), changed.since(ask.now - _LATELY)),
        choices=choices(found),
        sources=sources,
        rhythm=round(sum(each.rhythm or 0 for each in sources)),
        older=Month(listed[-1].day.year, listed[-1].day.month) if len(listed) == _STORIES else None,
        years=_by_year(*months) if months else [],
        figures=[figure(ask.conn, f"area-{found.slug}-{what}", day_of(ask.now)) for what in ("days", "kinds")],
    )


def area_month(ask: Ask, slug: str, period: str) -> Page:
    """`/areas/<slug>/<2026-10>`, further parts of a full month `/areas/<slug>/<2026-10_2>`."""
    found = area_named(ask.conn, slug)
    mine = found.source_ids
    given, months = _PERIOD.fullmatch(period), _months(ask, mine)
    month = Month(int(given[1]), int(given[2])) if given else None
    if given is None or given[3] == "1" or month is None or months is None or not months[0] <= month <= months[1]:
        raise Refused(404, f"There is no such month of {found.name}.", [f"/areas/{found.slug}"])
    part = int(given[3] or 1)
    begin, end = _bounds(month)
    listed = standing.between(ask.conn, begin, end, _STORIES_OF_PART + 1, (part - 1) * _STORIES_OF_PART, mine)
    if part > 1 and not listed:
        raise Refused(404, f"{month.words} has no part {part}.", [f"/areas/{found.slug}/{month}"])
    return _rendered(
        ask,
        found,
        "area_month.html",
        f"/areas/{found.slug}/{period}",
        month=month,
        part=part,
        days=stories.by_day(stories.in_full(ask.conn, listed[:_STORIES_OF_PART])),
        more=f"{month}_{part + 1}" if len(listed) > _STORIES_OF_PART else None,
        older=_month_of(standing.last_before(ask.conn, begin, mine)),
        newer=_month_of(standing.first_since(ask.conn, end, mine)),
    )


def months_of(ask: Ask, found: Area) -> list[Month]:
    """All months of an area that are linked: those of its last years, and of earlier ones those with a story."""
    mine, listed = found.source_ids, list[Month]()
    reach = _months(ask, mine)
    if reach is not None:
        listed = [month for _, months in _by_year(*reach) for month in reversed(months)]
    month = _month_of(standing.last_before(ask.conn, start_of(listed[-1].first), mine)) if listed else None
    while month is not None:
        listed.append(month)
        month = _month_of(standing.last_before(ask.conn, start_of(month.first), mine))
    return listed


def parts_of(ask: Ask, found: Area, month: Month) -> list[str]:
    """The parts that a month is cut into: '2026-10', '2026-10_2'."""
    mine = found.source_ids
    count = standing.count_between(ask.conn, *_bounds(month), mine)
    return [str(month), *(f"{month}_{part}" for part in range(2, -(-count // _STORIES_OF_PART) + 1))]


def _bounds(month: Month) -> tuple[datetime, datetime]:
    return start_of(month.first), start_of(month.plus(1).first)


def _months(ask: Ask, mine: standing.Sources) -> tuple[Month, Month] | None:
    found = standing.reach(ask.conn, mine)
    return (_month(found[0]), _month(found[1])) if found is not None else None


def _month(at: datetime) -> Month:
    day = day_of(at)
    return Month(day.year, day.month)


def _month_of(at: datetime | None) -> Month | None:
    return None if at is None else _month(at)


def _by_year(first: Month, last: Month) -> list[tuple[int, list[Month]]]:
    found: dict[int, list[Month]] = {}
    month = last
    while month >= first and last.year - month.year < _YEARS:
        found.setdefault(month.year, []).insert(0, month)
        month = month.plus(-1)
    return list(found.items())


def _rendered(ask: Ask, found: Area, template: str, path: str, **values: Any) -> Page:
    told: dict[str, Any] = {"area": found, "now": ask.now, "alternates": alternates(found), "as_file": ask.as_file}
    return Page(render(ask.site, template, path=path, **told, **values))

"""The front page: what came last, what changed, and the areas."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from feeds.site.pages import changed, stories
from feeds.site.pages.areas import Area, areas
from feeds.site.pages.asking import Ask, Page
from feeds.site.pages.states import WELL, health_by_area, worst
from feeds.site.pages.subscribing import alternates
from feeds.site.pages.templating import render
from feeds.site.pictures.figures import figure
from storage.days import day_of
from storage.regions import region_order
from storage.states import State

_STORIES, _CHANGES = 14, 6
_FIGURES = ("all-days", "changes-days")
_NO_REGION = "Elsewhere"


@dataclass(frozen=True, slots=True)
class Tile:
    """An area on the front page."""

    area: Area
    today: int
    state: State


def front(ask: Ask) -> Page:
    """`/`"""
    today = day_of(ask.now)
    states = health_by_area(ask.conn, ask.now)
    tiles = [
        Tile(area, sum(each.articles_today for each in states[area.slug]), worst(states[area.slug]))
        for area in areas(ask.conn)
    ]
    return Page(
        render(
            ask.site,
            "front.html",
            path="/",
            as_file=ask.as_file,
            alternates=alternates(),
            today=today,
            now=ask.now,
            regions=_by_region(tiles),
            count_today=sum(tile.today for tile in tiles),
            troubled=sum(tile.state not in WELL for tile in tiles),
            days=stories.by_day(stories.latest(ask.conn, _STORIES)),
            changes=changed.latest(ask.conn, _CHANGES),
            figures=[figure(ask.conn, name, today) for name in _FIGURES],
        )
    )


def _by_region(tiles: list[Tile]) -> list[tuple[str | None, list[Tile]]]:
    """The areas by region and name; without a heading where no source says a region."""
    found: defaultdict[str | None, list[Tile]] = defaultdict(list)
    for tile in tiles:
        found[tile.area.region].append(tile)
    named = sorted(((name, group) for name, group in found.items() if name), key=lambda each: region_order(each[0]))
    rest = found.get(None, [])
    return [*named, *([(_NO_REGION if named else None, rest)] if rest else [])]

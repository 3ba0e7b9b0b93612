"""What was true when: the states that each story went through, read from a truth table, and when somebody looked."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar
from urllib.parse import unquote

from forcewire.demo.accidents import Break, Mend
from forcewire.demo.clock import Happening
from forcewire.demo.request_log import RequestLog

FIELDS = ("title", "description", "body")
_ANSWERS = (200, 203, 301, 302, 304, 404, 410)
_INTERFACE = "/api/content"
V = TypeVar("V")

Texts = tuple[
    int, int, int
]  # how often title, description and body were changed; a text that is back has its old numbers


@dataclass(frozen=True, slots=True)
class Point(Generic[V]):
    """From `since` on something was so, because of `row`."""

    since: datetime
    value: V
    row: Happening


@dataclass(slots=True)
class StoryLife:
    """What a story went through. It is there or not, has words, and stands at an address; the first of each is its
    publication. `unlisted_at`: when listings ceased to show it. `rows`: all its rows, in order.
    """

    site: str
    path: str
    there: list[Point[bool]] = field(default_factory=list)
    texts: list[Point[Texts]] = field(default_factory=list)
    addresses: list[Point[str]] = field(default_factory=list)
    unlisted_at: datetime | None = None
    rows: list[Happening] = field(default_factory=list)

    def add(self, row: Happening) -> None:
        """The next row of the story."""
        self.rows.append(row)
        if row.what == "new":
            self.there.append(Point(row.at, True, row))
            self.texts.append(Point(row.at, (0, 0, 0), row))
            self.addresses.append(Point(row.at, row.path or "", row))
        elif row.what == "edited":
            last = max(point.value for point in self.texts)
            now, newest = self.texts[-1].value, max(max(point.value) for point in self.texts)
            assert last is not None
            numbers = [newest + 1 if name in row.fields else number for name, number in zip(FIELDS, now, strict=True)]
            self.texts.append(Point(row.at, (numbers[0], numbers[1], numbers[2]), row))
        elif row.what in ("removed", "restored"):
            self.there.append(Point(row.at, row.what == "restored", row))
        elif row.what == "moved":
            self.addresses.append(Point(row.at, row.address or "", row))
        elif row.note == "taken back":
            self.texts.append(Point(row.at, self._before_last(), row))
        elif row.note == "unlisted":
            self.unlisted_at = row.at

    def _before_last(self) -> Texts:
        """The words before the last edit that was not taken back."""
        stack: list[Texts] = []
        for point in self.texts:
            if point.row.what == "none":
                stack.pop()
            else:
                stack.append(point.value)
        return stack[-2]

    def is_there(self, at: datetime) -> bool:
        """Whether the page was there at a time."""
        return next((point.value for point in reversed(self.there) if point.since <= at), False)


def lives(rows: Iterable[Happening]) -> dict[tuple[str, str], StoryLife]:
    """The lives of all stories by site and first path."""
    found: dict[tuple[str, str], StoryLife] = {}
    for row in sorted(rows, key=lambda each: each.at):
        if row.path is not None:
            key = (row.site, row.path)
            if key not in found:
                found[key] = StoryLife(row.site, row.path)
            found[key].add(row)
    return found


def addresses(stories: Mapping[tuple[str, str], StoryLife]) -> dict[tuple[str, str], tuple[str, str]]:
    """Which story each address of a site belongs to, by site and unquoted path."""
    return {
        (story.site, unquote(point.value)): key for key, story in stories.items() for point in story.addresses
    }  # fmt: skip


def blind_spots(rows: Iterable[Happening]) -> dict[str, list[tuple[datetime, datetime]]]:
    """By site: when a fault that was mended later was on. What anybody sees then proves nothing."""
    began: dict[int, Happening] = {}
    spots: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for row in rows:
        if isinstance(row.event, Break):
            began[id(row.event.fault)] = row
        elif isinstance(row.event, Mend) and (start := began.get(id(row.event.fault))):
            spots[row.site].append((start.at, row.at))
    return spots


@dataclass(slots=True)
class Looks:
    """When somebody looked: at a site's listing, and at the page of each story (by site and first path)."""

    listings: Mapping[str, Sequence[datetime]]
    pages: Mapping[tuple[str, str], Sequence[datetime]]

    @classmethod
    def of_log(cls, log: RequestLog, rows: Iterable[Happening]) -> Looks:
        """The looks of whoever asked a newsroom, by its own clock."""
        known = addresses(lives(rows))
        listings: dict[str, set[datetime]] = defaultdict(set)
        pages: dict[tuple[str, str], set[datetime]] = defaultdict(set)
        for asked in log.entries:
            if asked.status not in _ANSWERS or asked.path == "/robots.txt":
                continue
            key = known.get((asked.site, unquote(asked.path.removeprefix(_INTERFACE))))
            if key is None:
                listings[asked.site].add(asked.when)
            else:
                pages[key].add(asked.when)
        return cls(
            {site: sorted(moments) for site, moments in listings.items()},
            {key: sorted(moments) for key, moments in pages.items()},
        )

    @classmethod
    def of_rounds(cls, moments: Sequence[datetime], rows: Iterable[Happening]) -> Looks:
        """The looks of somebody who asked for every listing and every page at the same moments."""
        stories = lives(rows)
        return cls({site: moments for site, _ in stories}, dict.fromkeys(stories, moments))


def between(moments: Sequence[datetime], start: datetime, end: datetime) -> Sequence[datetime]:
    """The moments from `start` on and before `end`."""
    return moments[bisect_left(moments, start) : bisect_left(moments, end)]

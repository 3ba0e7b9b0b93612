"""A fleet of invented forces and what happens to them in some days: the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from forcewire.demo.articles import Site
from forcewire.demo.clock import Happening
from forcewire.demo.counties import invented_site
from forcewire.demo.habits import habits_of
from forcewire.demo.lives import Life
from forcewire.demo.mishaps import mishaps as mishaps_of
from forcewire.demo.newsroom import Newsroom
from forcewire.demo.pages import KINDS
from forcewire.demo.plans import plan_story
from forcewire.demo.rhythm import FEWEST, MOST, publications, stories_a_day

START = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
_BACKLOG, _BACKLOG_STORIES = timedelta(days=14), 12
_FIRST_INDEX = 1000
_WITHDRAWN_AS: tuple[int | str, ...] = (404, 410, 404, 200, "listing", 404, "/")


class Fleet:
    """`forces` newsrooms over `days`, from `start` on.

    `events` is the truth table in order of time: a row for each story and for whatever happens to it or to its site. The
    stories of the two weeks before `start` (of a quiet force: of more, so that its listing is full) come first, with the
    moments of their publication. `a_day` bounds the stories
    that a force publishes on an average day. `busy` multiplies how often a story is edited, withdrawn or moved; 1 is the
    archive's rate. `mishaps` switches outages, redesigns, banners and platform accidents on, `habits` pages that differ at
    each request.
    """

    def __init__(
        self,
        forces: int = 12,
        days: int = 30,
        seed: int = 1,
        start: datetime = START,
        *,
        a_day: tuple[float, float] = (FEWEST, MOST),
        busy: float = 1.0,
        mishaps: bool = True,
        habits: bool = True,
    ) -> None:
        self.start, self.end, self.seed = start, start + timedelta(days=days), seed
        self.sites: list[Site] = [invented_site(number).changed(rendered_at=start) for number in range(forces)]
        self.rates: dict[str, float] = {}
        self._busy, self._a_day = busy, a_day
        rows = [row for number, site in enumerate(self.sites) for row in self._stories(site, number)]
        random = Random(f"{seed}/sites")
        if habits:
            rows += list(habits_of(self.sites, rows, random, start))
        if mishaps:
            rows += list(mishaps_of(self.sites, random, start, self.end))
        self.events: list[Happening] = sorted(rows, key=lambda row: row.at)

    def _stories(self, site: Site, number: int) -> Iterator[Happening]:
        random = Random(f"{self.seed}/{site.id}")
        rate = self.rates[site.id] = min(max(stories_a_day(random), self._a_day[0]), self._a_day[1])
        gone_as = _WITHDRAWN_AS[number % len(_WITHDRAWN_AS)]
        if gone_as == "listing":
            gone_as = next(path for kind, path in KINDS[site.kind].entry_listings(site) if kind == "html")
        backlog = max(_BACKLOG, timedelta(days=1.5 * _BACKLOG_STORIES / rate))
        titles: set[str] = set()
        for index, at in enumerate(publications(random, rate, self.start - backlog, self.end), _FIRST_INDEX):
            plan = plan_story(site, index, at, titles)
            rows = Life(plan, random, self._busy, gone_as).happenings()
            if len(rows) > 1 and rows[1].at <= self.start:
                rows = rows[:1]  # what was changed before the start, nobody could have seen
            yield from (row for row in rows if row.at < self.end)

    def newsroom(self) -> Newsroom:
        """A newsroom that stands at `start` with the stories of then, and knows what is to come: `advance` it."""
        newsroom = Newsroom([(site, ()) for site in self.sites], now=self.start)
        newsroom.schedule(self.events)
        newsroom.advance(self.start)
        return newsroom

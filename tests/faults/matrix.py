"""One cell of the matrix, or the same cell of many platforms at once: a site that is well, a fault that lasts, and its end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from crawler.entries import SourceEntry
from crawler.options import CrawlOptions, CrawlSummary
from crawler.run import crawl_sources
from forcewire.demo.events import New
from forcewire.demo.newsroom import CLOCK, Newsroom
from forcewire.demo.pressroom import Pressroom
from storage.database import open_store, reading
from storage.health import SourceHealth, health
from storage.incidents import StoredIncident, incidents
from storage.reads import changes
from storage.rules import RemovalRule
from storage.tables import ARTICLE
from tests.faults.hosts import broken_hosts
from tests.faults.platforms import Platform, stories
from tests.faults.rules import ROLES, Must
from tests.faults.site_faults import FAULTS, At

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
_WELL_AT = (timedelta(0), 15 * _MINUTE)
_BROKEN_AT = (_HOUR, 4 * _HOUR, 8 * _HOUR, 16 * _HOUR)
_MENDED_AT = (17 * _HOUR, 42 * _HOUR)  # the second when the longest wait of a page that failed is over
_ROBOTS = {
    "disallow all": "User-agent: *\nDisallow: /\n",
    "wants an hour between": "User-agent: *\nCrawl-delay: 3600\n",
}


@dataclasses.dataclass(slots=True)
class Cell:
    """What came of a cell. `wrong`: what is not as it must be, in words; nothing where the cell is right."""

    platform: str
    role: str
    fault: str
    must: Must
    trouble: str | None
    state: str
    why: str
    wrong: list[str] = dataclasses.field(default_factory=list)


class Play:
    """A newsroom of some platforms, the crawls of it by the newsroom's clock, and the store that they fill."""

    def __init__(self, platforms: Sequence[Platform], folder: Path) -> None:
        self._platforms, self._folder = platforms, folder
        sites = [platform.site() for platform in platforms]
        self._stories = {site.id: stories(site, CLOCK) for site in sites}
        self.newsroom = Newsroom([(site, self._stories[site.id][0]) for site in sites], host="localhost")
        self._url = f"sqlite:///{folder / 'store.db'}"

    def cells(self, role: str, fault: str) -> list[Cell]:
        """The fault from its beginning to its end, on all platforms at once."""
        with self.newsroom:
            entries = [
                platform.entry(site, self._folder / "sources")
                for platform, site in zip(self._platforms, self.newsroom.sites, strict=True)
            ]
            for at in _WELL_AT:
                well = self._crawl(entries, at)
            cells = {entry.id: Cell(entry.id, role, fault, ROLES[role][fault], None, "", "") for entry in entries}
            for one in well:
                self._note(cells[one.source], one.verdict == "ok", f"was not well before: {one.verdict}, {one.reason}")
            self._during(entries, role, fault, cells)
            self._publish(len(_BROKEN_AT))
            for at in _MENDED_AT:
                for one in self._crawl(entries, at):
                    self._note(
                        cells[one.source], one.verdict == "ok", f"at {at} after its end: {one.verdict}, {one.reason}"
                    )
            self._after(cells)
        return list(cells.values())

    def _crawl(self, entries: Sequence[SourceEntry], at: timedelta) -> list[CrawlSummary]:
        self.newsroom.advance(CLOCK + at)
        options = CrawlOptions(
            database_url=self._url, allow_loopback=True, delay=0, revisit="all", removal=RemovalRule(),
            clock=lambda: self.newsroom.now,
        )  # fmt: skip
        return crawl_sources(entries, options)

    def _publish(self, number: int) -> None:
        for site in self.newsroom.sites:
            story = self._stories[site.id][1][number].changed(published_at=self.newsroom.now)
            self.newsroom.play(New(site=site.id, article=story))

    def _during(self, entries: Sequence[SourceEntry], role: str, fault: str, cells: dict[str, Cell]) -> None:
        with self._broken(entries, role, fault) as met:
            for number, at in enumerate(_BROKEN_AT):
                self._publish(number)
                self._crawl(met, at)
        found, known = self._health(self.newsroom.now), self._incidents()
        for cell in cells.values():
            cell.trouble, cell.state, cell.why = (
                found[cell.platform].trouble,
                found[cell.platform].state,
                found[cell.platform].why,
            )
            self._note(cell, cell.state == cell.must.state, f"state {cell.state}, must be {cell.must.state}")
            self._note(cell, cell.trouble == cell.must.trouble, f"trouble {cell.trouble}, must be {cell.must.trouble}")
            mine = [each for each in known if cell.platform in each.sources]
            self._note(cell, len(mine) == (cell.must.state != "ok"), f"{len(mine)} incidents")
        self._false_changes(cells)

    @contextmanager
    def _broken(self, entries: Sequence[SourceEntry], role: str, fault: str) -> Iterator[Sequence[SourceEntry]]:
        if role == "host":
            with broken_hosts(self.newsroom, entries, fault) as met:
                yield met
            return
        for entry in entries:
            room = self.newsroom.room(entry.id)
            if fault in _ROBOTS:
                self.newsroom.robots(entry.id, _ROBOTS[fault])
            elif fault == "disallow stories":
                rows = "".join(f"Disallow: {path}\nDisallow: /api/content{path}\n" for path in room.articles)
                self.newsroom.robots(entry.id, f"User-agent: *\n{rows}")
            else:
                self.newsroom.fault(entry.id, At(fault=FAULTS[fault](), where=_Where(role, fault, room)))
        yield entries
        self.newsroom.mend()
        for entry in entries:
            self.newsroom.robots(entry.id)

    def _false_changes(self, cells: dict[str, Cell]) -> None:
        store = open_store(self._url)
        with reading(store) as conn:
            told = changes(conn, after_id=0)
        store.dispose()
        titles = {each.title for _, both in self._stories.items() for part in both for each in part}
        for change in told:
            if change.change == "new" and change.title not in titles:
                self._note(cells[change.source], False, f"told as new: {change.title}")
            if change.change not in ("new", "reparsed") and not change.minor:
                self._note(cells[change.source], False, f"told as {change.change}: {change.title}")

    def _after(self, cells: dict[str, Cell]) -> None:
        """After the end of the fault: the source is well, and what is stored is what the site has."""
        self._false_changes(cells)
        found, known = self._health(self.newsroom.now), self._incidents(ended=False)
        store = open_store(self._url)
        with reading(store) as conn:
            stored = conn.execute(select(ARTICLE.c.source_id, ARTICLE.c.url, ARTICLE.c.removed_at)).all()
        store.dispose()
        for cell in cells.values():
            self._note(cell, found[cell.platform].state == "ok", f"afterwards {found[cell.platform].why}")
            self._note(cell, not any(cell.platform in each.sources for each in known), "its incident goes on")
            site = self.newsroom.room(cell.platform).site
            urls = [row.url for row in stored if row.source_id == cell.platform and row.removed_at is None]
            has = {site.url(story.path) for story in self.newsroom.articles(cell.platform)}
            self._note(cell, len(urls) == len(has), f"{len(urls)} stories stored of {len(has)}")
            self._note(cell, not (lost := has - set(urls)), f"lost: {sorted(lost)[:2]}")

    def _health(self, now: datetime) -> dict[str, SourceHealth]:
        store = open_store(self._url)
        with reading(store) as conn:
            found = {each.source: each for each in health(conn, now)}
        store.dispose()
        return found

    def _incidents(self, *, ended: bool | None = None) -> list[StoredIncident]:
        store = open_store(self._url)
        with reading(store) as conn:
            found = incidents(conn, ended=ended)
        store.dispose()
        return found

    @staticmethod
    def _note(cell: Cell, right: bool, wrong: str) -> None:
        if not right and wrong not in cell.wrong:
            cell.wrong.append(wrong)


class _Where:
    """Which addresses of a site a fault hits."""

    def __init__(self, role: str, fault: str, room: Pressroom) -> None:
        self._role, self._fault, self._room = role, fault, room

    def __call__(self, target: str) -> bool:
        if target.partition("?")[0] == "/robots.txt":
            return self._role == "robots"
        is_story = self._room.is_story(target.partition("?turn=")[0])
        if self._role == "article":
            return is_story or self._fault == "strange dates"
        return self._role == "listing" and not is_story and target != "/"

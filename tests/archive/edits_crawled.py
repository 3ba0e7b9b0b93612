"""The archive's edits through HTTP: a newsroom with a site for each area, and a crawl after each round of later texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from crawler.entries import ListingEntry, SourceEntry, area_slug, load_entries
from crawler.options import CrawlOptions
from crawler.run import crawl_sources
from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.events import Edit as Edited
from forcewire.demo.newsroom import CLOCK, Newsroom
from forcewire.demo.pages import KINDS
from storage.database import open_store, reading
from storage.tables import CHANGE, PAGE
from tests.archive.drawing import drawn_story, shape_of
from tests.archive.edits import Edit
from tests.archive.edits_replayed import Change, Replay, Steps, Told
from tests.archive.records import ArchiveRecord
from tests.archive.stated import stated

_ROUND = timedelta(days=3)
_OF_A_STORY = ("title", "description", "body_html", "date_string", "kickers", "page_title", "meta")


def crawled(steps: Steps, others: Mapping[str, Sequence[ArchiveRecord]], folder: Path, *, at_once: int) -> Replay:
    """Plays the steps, at most `at_once` of a site in a round (0: the next one of every record of the site), three days apart,
    and crawls after each round. `others` stand on the sites as well and never change.
    """
    sites = [(_site(area), stories) for area, stories in _first_stories(steps, others).items()]
    database = f"sqlite:///{folder / 'edits.db'}"
    now = [CLOCK]
    options = CrawlOptions(database_url=database, allow_loopback=True, delay=0.0, revisit="all", clock=lambda: now[0])
    found = Replay()
    with Newsroom(sites) as newsroom:
        entries = {site.area: entry for site, entry in zip(newsroom.sites, _entries(newsroom.sites), strict=True)}
        _crawl(entries.values(), options)
        for round_ in _rounds(steps, at_once):
            now[0] += _ROUND
            newsroom.play([_event(edit) for edit in round_], at=now[0])
            _crawl([entries[area] for area in sorted({edit.after.area for edit in round_})], options)
            found.told += _told(database, round_, entries, now[0])
    return found


def _first_stories(steps: Steps, others: Mapping[str, Sequence[ArchiveRecord]]) -> dict[str, list[NewsArticle]]:
    stories: dict[str, dict[str, NewsArticle]] = {}
    first = [of[0].before for of in steps.values()]
    for record in [*first, *(record for area in {r.area for r in first} for record in others.get(area, ()))]:
        story = _story(record)
        stories.setdefault(record.area, {}).setdefault(story.path, story)
    return {area: list(of.values()) for area, of in stories.items()}


def _story(record: ArchiveRecord) -> NewsArticle:
    return drawn_story(record, stated(record))


def _site(area: str) -> Site:
    return Site(id=area_slug(area), kind=shape_of(area), force=f"{area} Police", area=area, page_size=50)


def _entries(sites: Sequence[Site]) -> Iterator[SourceEntry]:
    """The areas' bundled entries, pointed at the newsroom: reader, suffixes and furniture stay as they are."""
    bundled = {entry.area: entry for entry in load_entries().values()}
    for site in sites:
        kind, path = next(each for each in KINDS[site.kind].entry_listings(site) if each[0] == "html")
        listing = (ListingEntry(kind=kind, url=site.url(path)),)  # type: ignore[arg-type]
        told = {"id": site.id, "hosts": (urlsplit(site.base_url).netloc,), "listing": listing, "max_pages": 1000}
        yield bundled[site.area].model_copy(update=told)


def _crawl(entries: Iterable[SourceEntry], options: CrawlOptions) -> None:
    failed = {each.source: each.reason for each in crawl_sources(list(entries), options) if each.verdict == "failed"}
    if failed:
        raise RuntimeError(f"crawls failed: {failed}")


def _rounds(steps: Steps, at_once: int) -> Iterator[list[Edit]]:
    left = {path: list(of) for path, of in steps.items()}
    while any(left.values()):
        round_: list[Edit] = []
        taken: dict[str, int] = {}
        for of in left.values():
            if of and (not at_once or taken.get(of[0].after.area, 0) < at_once):
                taken[of[0].after.area] = taken.get(of[0].after.area, 0) + 1
                round_.append(of.pop(0))
        yield round_


def _event(edit: Edit) -> Edited:
    story = _story(edit.after)
    fields = {name: getattr(story, name) for name in _OF_A_STORY}
    return Edited(site=area_slug(edit.after.area), path=_story(edit.before).path, stamped=False, fields=fields)


def _told(database: str, edits: Sequence[Edit], entries: Mapping[str, SourceEntry], at: datetime) -> Iterator[Told]:
    engine = open_store(database)
    with reading(engine) as conn:
        rows = conn.execute(
            sa.select(PAGE.c.source_id, PAGE.c.url, CHANGE)
            .join(CHANGE, CHANGE.c.article_id == PAGE.c.article_id)
            .where(CHANGE.c.at >= at)
            .order_by(CHANGE.c.id)
        ).all()
    engine.dispose()
    of: dict[tuple[str, str], list[Change]] = {}
    for row in rows:
        of.setdefault((row.source_id, "/" + row.url.split("/", 3)[3]), []).append(
            (row.change, tuple(row.fields), row.minor)
        )
    for edit in edits:
        yield Told(edit, tuple(of.get((area_slug(edit.after.area), _story(edit.before).path), ())))

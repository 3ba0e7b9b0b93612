"""Records as stories of the newsroom: each area in its own page shape, with its own date string in its own place."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.entries import ListingEntry, SourceEntry, area_slug
from forcewire.demo.articles import NewsArticle, Related, Site
from forcewire.demo.pages import KINDS
from tests.archive.records import ArchiveRecord
from tests.archive.truth import SUFFIXES, Truth, printed, truth_of
from tests.archive.words import page_html

AREAS = tuple(sorted(SUFFIXES))
SHAPES = {
    "Avon and Somerset": "wordpress",
    "Bedfordshire": "single_online_home",
    "Civil Nuclear": "govuk",
    "Cumbria": "own_newsroom",
    "Metropolitan": "mynewsdesk",
    "West Yorkshire": "drupal",
}
_FORCES = {"Civil Nuclear": "Civil Nuclear Constabulary", "Cumbria": "Cumbria Constabulary"}
_SLUG = re.compile(r"/([^/]+)/?$")


@dataclass(frozen=True, slots=True)
class Served:
    """One site to crawl: `name` says area and page shape, `pages` are its stories with the answer for each."""

    name: str
    area: str
    site: Site
    pages: tuple[tuple[NewsArticle, Truth], ...]


def served(area: str, records: Sequence[ArchiveRecord], kind: str, *, single_online_home: bool = False) -> Served:
    """An area's records in a page shape. `single_online_home`: a Bedfordshire record as that platform prints it."""
    answers: dict[str, tuple[ArchiveRecord, Truth]] = {}
    for record in sorted(records, key=lambda record: record.block["url"]):
        truth = truth_of(record)
        answers.setdefault(truth.path, (record, truth))
    pages = []
    for number, (record, truth) in enumerate(answers.values()):
        story = _story(record, truth, kind, number)
        if single_online_home:
            story, truth = _as_single_online_home(story, truth, number)
        pages.append((story, truth))
    slug = area_slug(area)
    shape = kind + (" today" if single_online_home else "")
    site = Site(
        id=f"{slug}-{shape.replace('_', '-').replace(' ', '-')}",
        kind=kind,
        force=_FORCES.get(area, f"{area} Police"),
        area=area,
        title_suffix=SUFFIXES[area] if single_online_home else "",
        page_size=50,
        organisations=_organisations(pages),
    )
    if site.organisations:
        pages = [(story, _from(truth, site.organisations)) for story, truth in pages]
    return Served(f"{area}: {shape}", area, site, tuple(pages))


def entry_for(of: Served, site: Site, bundled: SourceEntry) -> SourceEntry:
    """The area's bundled entry, pointed at the newsroom: reader, suffixes and furniture stay as they are."""
    kind, path = next(each for each in KINDS[site.kind].entry_listings(site) if each[0] == "html")
    host = urlsplit(site.base_url).netloc
    listing = (ListingEntry(kind=kind, url=site.url(path)),)  # type: ignore[arg-type]
    return bundled.model_copy(update={"id": site.id, "hosts": (host,), "listing": listing, "max_pages": 1000})


def _story(record: ArchiveRecord, truth: Truth, kind: str, number: int) -> NewsArticle:
    parts = truth.parts
    typed = record.area == "West Yorkshire"
    meta = {name: record.key(key) for name, key in _META if record.key(key) is not None}
    if record.area != "Civil Nuclear" or kind != "govuk":
        meta = dict.fromkeys(("og:title", "description"), None) | meta
    if record.key("og.description") is not None:
        meta["description"] = record.key("og.description")
    published = None
    if kind == "govuk" and truth.day is not None:
        published = datetime(truth.day.year, truth.day.month, truth.day.day, 11, 30, tzinfo=UTC)
    modified = None
    if kind == "govuk" and published and any("Last updated" in line for line in parts.furniture):
        modified = published + timedelta(days=9)
    return NewsArticle(
        path=truth.path,
        title=truth.title,
        body_html=_body(record, truth, kind),
        description=truth.description,
        published_at=published,
        modified_at=modified,
        date_string="" if typed else parts.date,
        kickers=(),
        related=tuple(
            Related(title, f"/related/{number}/{place}", on) for place, (on, title) in enumerate(parts.related)
        ),
        page_title=record.key("title") or "",
        meta=meta,
        number=_number(truth.path, number),
    )


_META = (
    ("og:title", "og.title"),
    ("og:description", "og.description"),
    ("article:published_time", "article.published.time"),
    ("article:modified_time", "article.modified.time"),
    ("og:updated_time", "og.updated.time"),
)


def _body(record: ArchiveRecord, truth: Truth, kind: str) -> str:
    parts = truth.parts
    if record.area == "West Yorkshire":
        return page_html(record.body)
    if parts.below and kind == "wordpress":
        # The reference and what follows it stand below the element that holds the story.
        return f'{page_html(parts.story)}\n</div>\n<div class="incident-reference">\n{page_html(parts.below)}'
    return page_html(f"{parts.story}\n\n{parts.below}")


def _number(path: str, number: int) -> int:
    found = re.search(r"-(\d+)$", path)
    return int(found[1]) if found else number + 1


def _organisations(pages: Sequence[tuple[NewsArticle, Truth]]) -> str:
    lines = [line.removeprefix("From: ") for _, truth in pages for line in truth.parts.furniture if "From: " in line]
    return max(set(lines), key=lines.count) if lines else ""


def _from(truth: Truth, organisations: str) -> Truth:
    lines = tuple(f"From: {organisations}" if "From: " in line else line for line in truth.parts.furniture)
    return replace(truth, parts=replace(truth.parts, furniture=lines))


def _as_single_online_home(story: NewsArticle, truth: Truth, number: int) -> tuple[NewsArticle, Truth]:
    """The same story as the platform prints one: its address, '15:08 13/03/2020', category words and a flag."""
    assert truth.day is not None
    found = _SLUG.search(truth.path)
    assert found is not None
    folder = f"{truth.day.year}/{truth.day.month:02}-{month_name[truth.day.month].lower()}/" if number % 9 else ""
    path = f"/news/bedfordshire/news/{folder}{found[1]}/"
    text = f"{6 + number % 17:02}:{number * 7 % 60:02} {truth.day:%d/%m/%Y}"
    kickers = (("News",), (), ("Safer Neighbourhood",), ("News", "Op Relentless"))[number % 4]
    flag = ("Updated News Post", None, "Breaking News Post", None, None)[number % 5]
    lines = (*kickers, flag) if flag else kickers
    parts = replace(truth.parts, date=text, furniture=lines)
    return (
        story.changed(path=path, date_string=text, kickers=kickers, flag=flag, page_title=None, meta={}),
        replace(truth, path=path, parts=parts, minute=printed(text)[1]),
    )

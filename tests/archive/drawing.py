"""A record of any area as a page: in a shape like its own site's, or in a template that no reader was written for."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from forcewire.demo.articles import NewsArticle, Site, render
from tests.archive.foreign import FOREIGN
from tests.archive.records import ArchiveRecord
from tests.archive.stated import Stated
from tests.archive.words import page_html

_OWN = {
    "Avon and Somerset": "wordpress",
    "North Yorkshire": "wordpress",
    "Metropolitan": "mynewsdesk",
    **dict.fromkeys(
        ("West Yorkshire", "Suffolk", "Norfolk", "Nottinghamshire", "West Midlands", "Northern Ireland"), "drupal"
    ),
    **dict.fromkeys(
        (
            "Cumbria", "Dorset", "Devon and Cornwall", "Durham", "Lincolnshire", "Northumbria", "South Yorkshire",
            "Wiltshire", "Scotland", "Lancashire", "British Transport", "Humberside", "Civil Nuclear",
        ),
        "own_newsroom",
    ),
}  # fmt: skip
_META = {
    "og:title": "og.title",
    "og:description": "og.description",
    "article:published_time": "article.published.time",
    "article:modified_time": "article.modified.time",
    "og:updated_time": "og.updated.time",
    "og:image": "og.image",
}
TEMPLATES = tuple(FOREIGN)


def own_page(record: ArchiveRecord, answer: Stated) -> bytes:
    """In the newsroom's shape that is like the area's site."""
    kind = shape_of(record.area)
    return render(kind, drawn_story(record, answer), _site(record, answer, kind))


def shape_of(area: str) -> str:
    """The kind of the newsroom's pages that is like the area's site."""
    return _OWN.get(area, "single_online_home")


def furnished_page(record: ArchiveRecord, answer: Stated) -> bytes:
    """As `own_page`, with the lines of the body that are no story where the archive has them: among the story's paragraphs."""
    return own_page(record, replace(answer, text=answer.whole))


def foreign_page(record: ArchiveRecord, answer: Stated, template: str) -> bytes:
    """In one of `TEMPLATES`."""
    return FOREIGN[template].article(drawn_story(record, answer), _site(record, answer, template)).encode()


def _site(record: ArchiveRecord, answer: Stated, kind: str) -> Site:
    parts = urlsplit(answer.url)
    name = f"{record.area} Police"
    return Site(
        id=record.area.lower().replace(" ", "-"),
        kind=kind,
        force=name,
        area=record.area,
        base_url=f"https://{parts.netloc}",
    )


def drawn_story(record: ArchiveRecord, answer: Stated) -> NewsArticle:
    """The record as a story of the newsroom."""
    parts = urlsplit(answer.url)
    meta = {name: record.key(key) for name, key in _META.items()}
    meta["description"] = record.key("og.description")
    return NewsArticle(
        path=f"{parts.path}?{parts.query}" if parts.query else parts.path,
        title=answer.title,
        body_html=page_html(answer.text),
        description=answer.description,
        date_string=answer.date_line,
        kickers=answer.kickers,
        page_title=record.key("title") or "",
        meta=meta,
        number=1,
    )

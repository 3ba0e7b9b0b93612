"""An article as the API gives it: the record's fields by their names, and where to read on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pydantic import Field

from feeds.html import to_html
from feeds.site.api.operations import ROOT, Asked
from feeds.site.api.shapes import Address, Meta, Number, Shape, Text, Time
from feeds.text import web_address
from storage.areas import area_slug
from storage.tables import ARTICLE, SOURCE, VERSION

MORE = ("body", "body_html", "meta")

OF_RECORD = (
    *("title", "description", "published_raw", "published_from", "modified_at", "language", "kind", "tags"),
    *("references", "operations", "image_url", "reader", "reader_version"),
)
_OF_ARTICLE = (
    *("id", "address", "published_at", "published_precision", "first_seen_at", "last_seen_at", "changed_at"),
    *("removed_at", "version", "sensitive"),
)


class Links(Shape):
    """Where there is more of an article."""

    self: str
    versions: str
    page: str = Field(description="its page for people")


class Words(Shape):
    """What an article says, in one version. `body` is Markdown and `body_html` the same as sanitised HTML."""

    title: Text
    description: Text | None
    body: Text = Field(default="", description="in lists only with include=body")
    body_html: Text = Field(default="", description="in lists only with include=body_html")
    published_at: Time | None = Field(description="when the site says that it was published")
    published_precision: Text = Field(description="minute, day (00:00 UTC of it), month or unknown")
    published_raw: Text | None = Field(description="the date as printed")
    published_from: Text | None = Field(description="where it was found")
    modified_at: Time | None = Field(description="what the site claims")
    language: Text
    kind: Text
    tags: list[Text]
    references: list[Text] = Field(description="what a reader would quote to police")
    operations: list[Text]
    image_url: Address
    meta: Meta = Field(default={}, description="every meta tag and JSON-LD value; in lists only with include=meta")
    reader: Text
    reader_version: int


class Article(Words):
    """A story of a source with its present words."""

    id: Number
    source: Text
    force: Text
    area: Text
    area_slug: Text = Field(description="as in the URLs of feeds")
    url: Address = Field(description="canonical, and the first one it was read at: it never changes")
    address: Address = Field(description="where it is read now")
    first_seen_at: Time
    last_seen_at: Time
    changed_at: Time = Field(description="when we first saw the present words")
    removed_at: Time | None = Field(description="when its force withdrew it, as far as we saw")
    version: Number = Field(description="of its words, counted from 1")
    sensitive: bool = Field(description="about somebody who must be spared: only its present words are given")
    links: Links


def articles_by_id(asked: Asked, ids: list[int], more: tuple[str, ...]) -> list[Article]:
    """Those articles in this order, with some of `MORE`. Whether they may be shown is asked before."""
    columns: list[Any] = [*(ARTICLE.c[name] for name in _OF_ARTICLE), *(VERSION.c[name] for name in OF_RECORD)]
    columns += [ARTICLE.c.source_id.label("source"), ARTICLE.c.url, SOURCE.c.force, SOURCE.c.area]
    if "body" in more or "body_html" in more:
        columns.append(VERSION.c.body)
    if "meta" in more:
        columns.append(VERSION.c.meta)
    query = (
        sa.select(*columns)
        .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
        .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
        .where(ARTICLE.c.id.in_(ids))
    )
    rows = {row.id: row._mapping for row in asked.conn.execute(query)}
    return [_article(asked, dict(rows[id]), more) for id in ids]


def _article(asked: Asked, row: dict[str, Any], more: tuple[str, ...]) -> Article:
    if "body_html" in more:
        row["body_html"] = html_of(row["body"], row["address"])
    if "body" not in more:
        row.pop("body", None)
    here = asked.link(f"{ROOT}/articles/{row['id']}")
    links = Links(self=here, versions=f"{here}/versions", page=asked.link(f"/articles/{row['id']}"))
    return Article(**row, area_slug=area_slug(row["area"]), links=links)


def html_of(body: str, address: str | None) -> str:
    """A body as HTML that any page may show."""
    return to_html(body, web_address(address) or "")

"""A change as the API gives it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pydantic import Field

from feeds.site.api.operations import ROOT, Asked
from feeds.site.api.shapes import Address, Number, Shape, Text, Time
from feeds.text import one_line
from storage.areas import area_slug
from storage.kinds import step
from storage.tables import ARTICLE, CHANGE, SOURCE, VERSION
from storage.withheld import is_withheld

_BEFORE, _CURRENT = VERSION.alias("version_before"), VERSION.alias("version_current")


class Change(Shape):
    """What happened to a story. Of one that is withheld only that it was withdrawn, from where and when: no URL, title or kind.
    `title` and `kind` are those of the version that it led to; the title of a story about somebody who must be spared is its
    present one.
    """

    id: Number = Field(description="rises in the order of storing; to be given as after")
    change: Text = Field(description="new, edited, removed, restored, moved or reparsed")
    minor: bool = Field(description="no word of the story differs: a picture, a printed time")
    source: Text
    force: Text
    area: Text
    area_slug: Text
    article_id: Number
    url: Address
    address: Address = Field(description="where the story is read now")
    title: Text | None
    kind: Text | None
    kind_before: Text | None = Field(description="of an edit")
    step: Text | None = Field(description="'Appeal → Arrest' where its kind changed")
    fields: list[Text] = Field(description="what differs")
    version: Number
    version_before: Number | None = Field(description="of an edit")
    crawl: Number | None = Field(description="that saw it; null for an import")
    at: Time = Field(description="when we saw it; of an import when the archive did")
    withheld: bool
    article: str | None = Field(description="the URL of the story")
    diff: str | None = Field(description="the URL of what differs, where that is shown")


JOINED = (
    sa.select(
        *(
            CHANGE.c[name]
            for name in ("id", "change", "minor", "article_id", "fields", "version", "version_before", "at")
        ),
        CHANGE.c.crawl_id.label("crawl"),
        ARTICLE.c.source_id.label("source"),
        *(SOURCE.c.force, SOURCE.c.area, ARTICLE.c.url, ARTICLE.c.address, ARTICLE.c.sensitive),
        ARTICLE.c.version.label("current"),
        sa.case((ARTICLE.c.sensitive, _CURRENT.c.title), else_=VERSION.c.title).label("title"),
        VERSION.c.kind,
        VERSION.c.normalisation.label("kept"),
        _BEFORE.c.kind.label("kind_before"),
        _BEFORE.c.normalisation.label("kept_before"),
        is_withheld().label("withheld"),
    )
    .join(ARTICLE, ARTICLE.c.id == CHANGE.c.article_id)
    .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    .join(VERSION, (VERSION.c.article_id == CHANGE.c.article_id) & (VERSION.c.number == CHANGE.c.version))
    .join(_CURRENT, (_CURRENT.c.article_id == CHANGE.c.article_id) & (_CURRENT.c.number == ARTICLE.c.version))
    .outerjoin(_BEFORE, (_BEFORE.c.article_id == CHANGE.c.article_id) & (_BEFORE.c.number == CHANGE.c.version_before))
)
KIND_BEFORE = _BEFORE.c.kind

_NOTHING: dict[str, Any] = {
    "url": None,
    "address": None,
    "title": None,
    "kind": None,
    "kind_before": None,
    "fields": [],
}


def changes_by_id(asked: Asked, ids: list[int]) -> list[Change]:
    """Those changes in this order."""
    rows = {row.id: dict(row._mapping) for row in asked.conn.execute(JOINED.where(CHANGE.c.id.in_(ids)))}
    return [_change(asked, rows[id]) for id in ids]


def _change(asked: Asked, row: dict[str, Any]) -> Change:
    sensitive, current = row.pop("sensitive"), row.pop("current")
    kept, kept_before = row.pop("kept"), row.pop("kept_before")
    article = asked.link(f"{ROOT}/articles/{row['article_id']}")
    told = not row["withheld"]
    differs = told and row["version_before"] is not None and kept and kept_before
    spared = sensitive and row["version"] != current
    about = {
        "step": step(row["kind_before"], row["kind"]) if told else None,
        "article": article if told else None,
        "diff": f"{article}/diff?from={row['version_before']}&to={row['version']}" if differs and not spared else None,
        "force": one_line(row["force"]),
        "area_slug": area_slug(row["area"]),
    }
    # An erased text has no title either.
    title = {} if kept or sensitive else {"title": None}
    return Change(**(row | about | title | ({} if told else _NOTHING)))

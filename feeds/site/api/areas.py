"""/areas: the territories that feeds are cut by, with the URLs of their feeds."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from feeds.names import CHANGES, KINDS, MEDIA_TYPES, OPEN, FeedName, path_of
from feeds.site.api.operations import Asked, Operation
from feeds.site.api.shapes import Shape, Text
from storage.areas import area_slug
from storage.tables import SOURCE

Formats = dict[str, str]


class Feeds(Shape):
    """URLs by format: rss, atom, json."""

    articles: Formats = Field(description="the newest stories")
    changes: Formats = Field(description="edits, withdrawals, returns")
    open: Formats = Field(description="appeals that are open now")
    kinds: dict[str, Formats] = Field(description="one kind of story each")


class Area(Shape):
    """A territory. Areas whose names give one slug are one area, as in the feeds."""

    slug: Text
    name: Text
    region: Text | None
    forces: list[Text]
    sources: list[Text] = Field(description="by id, as /sources lists them")
    page: str = Field(description="its page for people")
    feeds: Feeds


class Areas(Shape):
    """All of them by slug, and the feeds of all together."""

    items: list[Area]
    feeds: Feeds
    opml: str = Field(description="the URL of the list of all feeds, for feed readers")


def areas(asked: Asked) -> Areas:
    rows = asked.conn.execute(sa.select(SOURCE).order_by(SOURCE.c.id)).all()
    grouped: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[area_slug(row.area)].append(row)
    items = [_area(asked, slug, mine) for slug, mine in sorted(grouped.items()) if slug not in ("", "all")]
    return Areas(items=items, feeds=_feeds(asked, "all"), opml=asked.link("/feeds.opml"))


def _area(asked: Asked, slug: str, rows: list[Any]) -> Area:
    return Area(
        slug=slug,
        name=rows[0].area,
        region=next((row.region for row in rows if row.region), None),
        forces=list(dict.fromkeys(row.force for row in rows)),
        sources=[row.id for row in rows],
        page=asked.link(f"/areas/{slug}"),
        feeds=_feeds(asked, slug),
    )


def _feeds(asked: Asked, scope: str) -> Feeds:
    def formats(selection: str = "") -> Formats:
        return {each: asked.link(f"/{path_of(str(FeedName(scope, selection, each)))}") for each in MEDIA_TYPES}

    kinds = {kind: formats(kind) for kind in KINDS}
    return Feeds(articles=formats(), changes=formats(CHANGES), open=formats(OPEN), kinds=kinds)


OPERATIONS = (
    Operation(
        path="/areas",
        name="listAreas",
        summary="The territories that feeds are cut by, and their feeds",
        answer=Areas,
        call=areas,
    ),
)

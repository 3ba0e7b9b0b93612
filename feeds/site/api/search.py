"""/search: stories that hold all of some words, with where they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import Field

from feeds.site.api import scopes
from feeds.site.api.cursors import Cursor
from feeds.site.api.operations import ROOT, Asked, Operation
from feeds.site.api.problems import Refused
from feeds.site.api.shapes import Address, Number, Shape, Text, Time
from storage.areas import area_slug
from storage.search import BadCursor
from storage.search import Found as Hit
from storage.search import search as find

_ORDER = "search"


class Part(Shape):
    """A piece of a text."""

    text: Text
    hit: bool = Field(description="whether it is one of the words that were asked for")


class Found(Shape):
    """A story with some of its words."""

    article_id: Number
    source: Text
    area: Text
    area_slug: Text
    url: Address
    address: Address = Field(description="where it is read now")
    title: Text
    title_marked: list[Part]
    snippet: list[Part]
    kind: Text
    published_at: Time | None
    first_seen_at: Time
    removed_at: Time | None
    article: str = Field(description="the URL of the story")


class Results(Shape):
    """Newest first by publication, or by when it was first seen where no date is known."""

    items: list[Found]
    next: str | None = Field(description="the URL of the next page")
    note: Text | None = Field(description="why nothing can be found by these words, or what of them was left out")


def results(asked: Asked) -> Results:
    query, limit = asked.query, asked.query["limit"] or scopes.USUAL
    after: Cursor | None = query["cursor"]
    if after is not None and after.order != _ORDER:
        raise Refused(400, "cursor is of another list; begin without it.", parameter="cursor")
    scopes.sources_asked(replace(asked, query={**query, "source": None}))
    try:
        page = find(
            asked.conn, query["q"], areas=query["area"], kinds=query["kind"] or (), since=query["since"],
            until=query["until"], limit=limit, before=f"{after.at:%Y%m%dT%H%M%S.%f}-{after.id}" if after else None,
        )  # fmt: skip
    except BadCursor:
        raise Refused(400, "cursor is none that was given out; begin without it.", parameter="cursor") from None
    last = page.found[-1] if page.next else None
    following = asked.with_(cursor=str(Cursor(_ORDER, last.at, last.article_id))) if last else None
    return Results(items=[_found(asked, hit) for hit in page.found], next=following, note=page.problem or page.note)


def _found(asked: Asked, hit: Hit) -> Found:
    values: dict[str, Any] = {name: getattr(hit, name) for name in Found.model_fields if hasattr(hit, name)}
    for name in ("title_marked", "snippet"):
        values[name] = [Part(text=text, hit=is_hit) for text, is_hit in values[name]]
    here = asked.link(f"{ROOT}/articles/{hit.article_id}")
    return Found(**values, area_slug=area_slug(hit.area), article=here)


OPERATIONS = (
    Operation(
        path="/search",
        name="search",
        summary="Stories that hold all of some words, newest first, with where they stand",
        answer=Results,
        call=results,
        parameters=(
            scopes.words('words, "phrases", beginnings* and references; nothing of it is an error', required=True),
            scopes.AREA,
            scopes.KIND,
            scopes.since("published from this time on"),
            scopes.until("published before this time; a day counts whole"),
            scopes.LIMIT,
            scopes.CURSOR,
        ),
        problems={404: "an area that is asked for does not exist"},
    ),
)

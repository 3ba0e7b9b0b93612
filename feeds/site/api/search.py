"""/search: stories that hold all of some words, with where they stand."""

from __future__ import annotations

from pydantic import Field

from feeds.site.api.operations import Operation
from feeds.site.api.shapes import Address, Number, Shape, Text, Time


class Part(Shape):
    """A piece of a snippet."""

    text: Text
    hit: bool = Field(description="whether it is one of the words that were asked for")


class Found(Shape):
    """A story with some of its words."""

    article_id: Number
    source: Text
    area: Text
    area_slug: Text
    url: Address
    title: Text
    kind: Text
    published_at: Time | None
    first_seen_at: Time
    snippet: list[Part]
    article: str = Field(description="the URL of the story")


class Results(Shape):
    """Newest first."""

    items: list[Found]
    next: str | None = Field(description="the URL of the next page")


OPERATIONS: tuple[Operation, ...] = ()

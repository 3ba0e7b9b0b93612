"""/articles/{id}/versions and /articles/{id}/versions/{number}."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pydantic import Field

from feeds.site.api import scopes
from feeds.site.api.article_shapes import OF_RECORD, Words, html_of
from feeds.site.api.operations import ROOT, Asked, Operation
from feeds.site.api.parameters import Parameter, number
from feeds.site.api.problems import Refused
from feeds.site.api.shapes import Number, Shape, Text, Time
from feeds.site.api.withheld import PROBLEMS, shown_article
from storage.tables import VERSION

SPARED = "the story is about somebody who must be spared, and only its present words are shown"
OLDER = {403: SPARED, 410: "the article is withheld, or the text of this version was erased"}

_NORMALISATION_OF_ERASED = 0


class VersionLine(Shape):
    """A version in a list. `title` is null where its words are not shown."""

    number: Number = Field(description="counted from 1")
    seen_at: Time = Field(description="when we first saw it")
    kind: Text
    title: Text | None
    current: bool
    self: str


class Versions(Shape):
    """An article's versions, the oldest first."""

    items: list[VersionLine]
    next: str | None = Field(description="the URL of the next page")


class Version(Words):
    """What an article said at one time."""

    article_id: Number
    number: Number
    seen_at: Time
    current: bool
    self: str


def versions(asked: Asked) -> Versions:
    found = shown_article(asked.conn, asked.path["id"])
    limit = asked.query["limit"] or scopes.USUAL
    columns = (VERSION.c.number, VERSION.c.seen_at, VERSION.c.kind, VERSION.c.title, VERSION.c.normalisation)
    query = sa.select(*columns).where(VERSION.c.article_id == found.id, VERSION.c.number > (asked.query["after"] or 0))
    rows = asked.conn.execute(query.order_by(VERSION.c.number).limit(limit + 1)).all()
    following = asked.with_(after=str(rows[limit - 1].number)) if len(rows) > limit else None
    return Versions(items=[_line(asked, found, row) for row in rows[:limit]], next=following)


def _line(asked: Asked, found: Any, row: Any) -> VersionLine:
    current = row.number == found.version
    hidden = (found.sensitive and not current) or row.normalisation == _NORMALISATION_OF_ERASED
    return VersionLine(
        number=row.number,
        seen_at=row.seen_at,
        kind=row.kind,
        title=None if hidden else row.title,
        current=current,
        self=_url(asked, found.id, row.number),
    )


def _url(asked: Asked, article_id: int, n: int) -> str:
    return asked.link(f"{ROOT}/articles/{article_id}/versions/{n}")


def version(asked: Asked) -> Version:
    found = shown_article(asked.conn, asked.path["id"])
    row = words_of(asked.conn, found, asked.path["number"])
    words = {name: row[name] for name in (*OF_RECORD, "body", "meta", "published_at", "published_precision", "seen_at")}
    return Version(
        **words,
        body_html=html_of(row["body"], found.address),
        article_id=found.id,
        number=row["number"],
        current=row["number"] == found.version,
        self=_url(asked, found.id, row["number"]),
    )


def words_of(conn: sa.Connection, found: Any, n: int) -> dict[str, Any]:
    """The columns of a version of an article that may be shown. Raises `Refused` (403, 404, 410)."""
    query = sa.select(VERSION).where(VERSION.c.article_id == found.id, VERSION.c.number == n)
    row = conn.execute(query).one_or_none()
    if row is None:
        raise Refused(404, f"Article {found.id} has no version {n}.")
    if found.sensitive and n != found.version:
        raise Refused(403, f"Version {n} of article {found.id} is not shown: {SPARED}.")
    if row.normalisation == _NORMALISATION_OF_ERASED:
        raise Refused(410, f"The text of version {n} of article {found.id} was erased.")
    return dict(row._mapping)


OPERATIONS = (
    Operation(
        path="/articles/{id}/versions",
        name="listVersions",
        summary="The versions of a story, the oldest first",
        answer=Versions,
        call=versions,
        parameters=(
            Parameter(
                name="after",
                description="only later ones than this number",
                schema={"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
                read=number(0),
            ),
            scopes.LIMIT,
        ),
        numbers={"id": "article"},
        problems=PROBLEMS,
    ),
    Operation(
        path="/articles/{id}/versions/{number}",
        name="getVersion",
        summary="A story as it was in one version",
        answer=Version,
        call=version,
        numbers={"id": "article", "number": "version"},
        problems=PROBLEMS | OLDER,
    ),
)

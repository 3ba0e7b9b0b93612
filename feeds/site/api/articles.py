"""/articles and /articles/{id}."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from feeds.published import EARLIEST, UNDATED
from feeds.site.api import scopes
from feeds.site.api.article_parameters import PARAMETERS
from feeds.site.api.article_shapes import MORE, Article, articles_by_id
from feeds.site.api.cursors import Cursor
from feeds.site.api.operations import Asked, Operation
from feeds.site.api.problems import Refused
from feeds.site.api.shapes import Shape
from feeds.site.api.walking import Keep, Path, Track, walk
from feeds.site.api.withheld import PROBLEMS, shown_article
from storage.references import reference_key
from storage.search import matching
from storage.tables import ARTICLE, REFERENCE, SOURCE, VERSION
from storage.withheld import may_be_shown

# By publication as the feeds say it: a story without a date, or with one that cannot be, stands where we saw it first.
_DATED = (ARTICLE.c.published_at >= EARLIEST, sa.not_(UNDATED))
_TRACKS = {
    "published": (Track(ARTICLE.c.published_at, _DATED), Track(ARTICLE.c.first_seen_at, [UNDATED])),
    "first_seen": (Track(ARTICLE.c.first_seen_at),),
    "changed": (Track(ARTICLE.c.changed_at),),
}
# Each source of an area is a lane of its own; many of them cost more than reading past the others.
_MOST_LANES = 12


class Articles(Shape):
    """Newest first. A page may be short, or even empty, and still have a next one: follow `next` to its end."""

    items: list[Article]
    next: str | None = Field(description="the URL of the next page")


def articles(asked: Asked) -> Articles:
    query, limit = asked.query, asked.query["limit"] or scopes.USUAL
    order = query["order"] or ("changed" if query["changed_since"] else "published")
    after: Cursor | None = query["cursor"]
    if after is not None and after.order != order:
        raise Refused(400, "cursor is of a list in another order; begin without it.", parameter="cursor")
    sources = scopes.sources_asked(asked)
    if sources == []:
        return Articles(items=[], next=None)
    lanes: list[sa.ColumnElement[bool]] = []
    if order != "changed" and sources is not None and len(sources) <= _MOST_LANES:
        lanes, sources = [ARTICLE.c.source_id == source for source in sources], None
    shared = [may_be_shown(), *_found_by(asked)]
    tracks = [Track(each.at, [*each.where, *shared, *_bounds(query, each.at)]) for each in _TRACKS[order]]
    keep = _keep(asked, list(_beside(query, order, sources)))
    place = (after.at, after.id) if after else None
    found = walk(asked.conn, Path(ARTICLE.c.id, tracks, lanes), after=place, limit=limit, keep=keep)
    following = asked.with_(cursor=str(Cursor(order, *found.rest))) if found.rest else None
    return Articles(items=articles_by_id(asked, found.ids, query["include"] or ()), next=following)


def _bounds(query: Any, at: sa.ColumnElement[Any]) -> Iterator[sa.ColumnElement[bool]]:
    if query["since"] is not None:
        yield at >= query["since"]
    if query["until"] is not None:
        yield at < query["until"]
    if query["changed_since"] is not None and at is ARTICLE.c.changed_at:
        yield at >= query["changed_since"]


def _found_by(asked: Asked) -> Iterator[sa.ColumnElement[bool]]:
    """What has an index of its own."""
    query = asked.query
    if query["reference"] is not None:
        forces = asked.conn.scalars(sa.select(SOURCE.c.force).distinct()).all()
        quoting = sa.select(REFERENCE.c.article_id).where(
            REFERENCE.c.force.in_(forces), REFERENCE.c.key == reference_key(query["reference"])
        )
        yield ARTICLE.c.id.in_(quoting)
    if query["q"] is not None:
        yield matching(query["q"])


def _beside(query: Any, order: str, sources: Sequence[str] | None) -> Iterator[sa.ColumnElement[bool]]:
    """What each row is looked at for."""
    if sources is not None:
        yield ARTICLE.c.source_id.in_(sources)
    if query["kind"] is not None:
        yield VERSION.c.kind.in_(query["kind"])
    if query["changed_since"] is not None and order != "changed":
        yield ARTICLE.c.changed_at >= query["changed_since"]
    if query["withdrawn"] is not None:
        yield ARTICLE.c.removed_at.is_not(None) if query["withdrawn"] else ARTICLE.c.removed_at.is_(None)


def _keep(asked: Asked, filters: Sequence[sa.ColumnElement[bool]]) -> Keep | None:
    quoted = asked.query["reference"]
    if not filters and quoted is None:
        return None
    query = (
        sa.select(ARTICLE.c.id, ARTICLE.c.sensitive, VERSION.c.references)
        .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
        .where(*filters)
    )

    def keep(ids: list[int]) -> Collection[int]:
        # Of somebody who must be spared, it is not told what an older version quoted.
        rows = asked.conn.execute(query.where(ARTICLE.c.id.in_(ids)))
        return {row.id for row in rows if quoted is None or not row.sensitive or _quotes(row.references, quoted)}

    return keep


def _quotes(references: Sequence[str], quoted: str) -> bool:
    return reference_key(quoted) in map(reference_key, references)


def article(asked: Asked) -> Article:
    shown_article(asked.conn, asked.path["id"])
    return articles_by_id(asked, [asked.path["id"]], MORE)[0]


OPERATIONS = (
    Operation(
        path="/articles",
        name="listArticles",
        summary="Stories with their present words, newest first",
        answer=Articles,
        call=articles,
        parameters=PARAMETERS,
        problems={404: "an area or a source that is asked for does not exist"},
    ),
    Operation(
        path="/articles/{id}",
        name="getArticle",
        summary="One story, whole",
        answer=Article,
        call=article,
        numbers={"id": "article"},
        problems=PROBLEMS,
    ),
)

"""The conditions on `article` that a search is, for statements of any kind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.search_query import Query
from storage.search_words import begins, fts5_of, tsquery_of
from storage.tables import ARTICLE, SOURCE, VERSION

# As in the feeds: a date that lies after the moment we saw the story is a slip, and what has none stands where we saw it.
_UNDATED = sa.or_(ARTICLE.c.published_at.is_(None), ARTICLE.c.published_at > ARTICLE.c.first_seen_at)
NEWS_AT: sa.ColumnElement[datetime] = sa.case((_UNDATED, ARTICLE.c.first_seen_at), else_=ARTICLE.c.published_at)
_SORTED_PER_LOOK = 60  # measured at 40,000 articles: both ways take as long at some 12,000 hits
SOURCE_UNSOUGHT: sa.ColumnElement[str] = sa.literal_column(
    "+article.source_id", sa.String()
)  # a column, but none to look for by an index
CURRENT = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version)


class _Hits(FunctionElement[Any]):
    """The ids of articles by words, as a subquery in the index's own language. Its clauses are the query in each."""

    inherit_cache = True
    name = "hits"


@compiles(_Hits, "sqlite")
def _hits_on_sqlite(element: _Hits, compiler: Any, **kw: Any) -> str:
    fts5, _ = element.clauses
    return f"(SELECT rowid FROM article_search WHERE article_search MATCH {compiler.process(fts5, **kw)})"


@compiles(_Hits, "postgresql")
def _hits_on_postgresql(element: _Hits, compiler: Any, **kw: Any) -> str:
    _, tsquery = element.clauses
    asked = f"to_tsquery('forcewire', {compiler.process(tsquery, **kw)})"
    return f"(SELECT article_id FROM article_search WHERE words @@ {asked})"


class _Has(FunctionElement[bool]):
    """Whether this article is among the hits, asked of one article at a time."""

    inherit_cache = True
    name = "has"
    type = sa.Boolean()


@compiles(_Has, "sqlite")
def _has_on_sqlite(element: _Has, compiler: Any, **kw: Any) -> str:
    (hits,) = element.clauses
    return f"EXISTS {compiler.process(hits, **kw)[:-1]} AND rowid = article.id)"


def _hits(query: Query) -> _Hits:
    return _Hits(sa.literal(fts5_of(query.terms)), sa.literal(tsquery_of(query.terms)))


def has_many_hits(conn: Connection, query: Query) -> bool:
    """Whether it is quicker to look into the articles, the newest first, for whether they are hits than to sort all hits.

    To look into one takes some fifteen times as long as to sort one, and a page is full after as many as there are articles to a
    hit: the two cost the same at about the root of so many hits.
    """
    if not query.terms or any(begins(term) for term in query.terms):
        return False  # the hits of a beginning are put together anew for each look
    articles = conn.scalar(sa.select(sa.func.max(ARTICLE.c.id))) or 0
    most = int((_SORTED_PER_LOOK * 50 * articles) ** 0.5)
    counted = sa.select(sa.func.count()).select_from(
        sa.text("(SELECT 1 FROM article_search WHERE article_search MATCH :words LIMIT :most)")
    )
    return (conn.scalar(counted, {"words": fts5_of(query.terms), "most": most + 1}) or 0) > most


def conditions(query: Query, source: sa.ColumnElement[str], walks: bool) -> list[sa.ColumnElement[bool]]:
    found = [*within(source, query.areas or None, query.kinds, query.since, query.until)]
    if query.terms:
        found.append(
            _Has(_hits(query))
            if walks
            else ARTICLE.c.id.op("IN", is_comparison=True, return_type=sa.Boolean())(_hits(query))
        )
    return found


def within(
    source: sa.ColumnElement[str],
    areas: Collection[str] | None,
    kinds: Collection[str],
    since: datetime | None,
    until: datetime | None,
) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if areas is not None:
        these = sa.select(SOURCE.c.id).where(plain(SOURCE.c.area).in_([plain_name(area) for area in areas]))
        found.append(source.in_(these))
    if kinds:
        kind = sa.select(VERSION.c.id).where(CURRENT, VERSION.c.kind.in_(sorted(kinds)))
        found.append(sa.exists(kind.correlate(ARTICLE)))
    if since is not None:
        found.append(sa.literal(since, ARTICLE.c.first_seen_at.type) <= NEWS_AT)
    if until is not None:
        found.append(sa.literal(until, ARTICLE.c.first_seen_at.type) > NEWS_AT)
    return found


_APART = (("&", "and"), (" ", ""), ("-", ""), (".", ""), ("'", ""), (",", ""), ("(", ""), (")", ""))


def plain(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """An area as it is compared: its name and its slug are one, so that a person may type either."""
    plain: sa.ColumnElement[str] = sa.func.lower(column)
    for mark, instead in _APART:
        plain = sa.func.replace(plain, mark, instead)
    return plain


def plain_name(area: str) -> str:
    plain = area.lower()
    for mark, instead in _APART:
        plain = plain.replace(mark, instead)
    return plain

"""Searching the words of what may be shown: the newest first, with the hits marked. See `storage.search_query` for what a person
may type.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.kinds import NAMES
from storage.search_query import Query, parse
from storage.search_snippets import Segments, marked
from storage.search_words import begins, fts5_of, tsquery_of
from storage.tables import ARTICLE, SOURCE, VERSION
from storage.withheld import may_be_shown

__all__ = ["BadCursor", "Found", "Page", "Query", "matching", "parse", "search"]

# As in the feeds: a date that lies after the moment we saw the story is a slip, and what has none stands where we saw it.
_UNDATED = sa.or_(ARTICLE.c.published_at.is_(None), ARTICLE.c.published_at > ARTICLE.c.first_seen_at)
NEWS_AT: sa.ColumnElement[datetime] = sa.case((_UNDATED, ARTICLE.c.first_seen_at), else_=ARTICLE.c.published_at)
MOST = 500  # hits of one page
_SORTED_PER_LOOK = 60  # measured at 40,000 articles: both ways take as long at some 12,000 hits
_SOURCE_UNSOUGHT: sa.ColumnElement[str] = sa.literal_column(
    "+article.source_id", sa.String()
)  # a column, but none to look for by an index
_CURRENT = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version)


class BadCursor(ValueError):  # noqa: N818  named as what it is
    """Raised for a cursor that no page gave."""


@dataclass(slots=True, frozen=True)
class Found:
    """An article that was found. `at` is by what it is sorted: when it was published, or first seen where that is not known.

    `snippet` and `title_marked` are pieces of text, each with whether it is a hit: never HTML, and never Markdown.
    """

    article_id: int
    source: str
    area: str
    url: str
    address: str
    title: str
    kind: str
    published_at: datetime | None
    first_seen_at: datetime
    removed_at: datetime | None
    at: datetime
    title_marked: Segments
    snippet: Segments


@dataclass(slots=True, frozen=True)
class Page:
    """A page of hits, the newest first. `next` is the cursor of the one after it, None on the last one. `problem`: one sentence on
    why nothing can be found by such a text; `note`: one on what of it was left out.
    """

    found: list[Found] = field(default_factory=list)
    next: str | None = None
    problem: str | None = None
    note: str | None = None


def search(
    conn: Connection,
    text: str,
    *,
    areas: Collection[str] | None = None,
    kinds: Collection[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    before: str | None = None,
) -> Page:
    """The articles with all the words of a text, the newest first; with an empty text those within the bounds. What is withheld
    is never among them.

    `areas` are names or slugs; `since` is the first moment and `until` the first after the last, of when an article was published
    (or first seen). `before` is the `next` of the page before. Bounds in the text hold as well. Raises `BadCursor`, and nothing
    for any text.
    """
    query = parse(text)
    is_bounded = bool(areas is not None or kinds or since or until)
    if query.problem is not None and (text.strip() or not is_bounded):
        return Page(problem=query.problem, note=query.note)
    walks = conn.dialect.name == "sqlite" and _has_many_hits(conn, query)
    source = _SOURCE_UNSOUGHT if walks else ARTICLE.c.source_id
    bounds = [*_within(source, areas, kinds, since, until), *_conditions(query, source, walks)]
    if before is not None:
        bounds.append(_after(before))
    most = min(max(limit, 1), MOST)
    ids = sa.select(ARTICLE.c.id, NEWS_AT.label("at")).where(may_be_shown(), *bounds)
    rows = conn.execute(ids.order_by(sa.desc("at"), ARTICLE.c.id.desc()).limit(most + 1)).all()
    page, more = rows[:most], len(rows) > most
    if not page:
        return Page(problem=_unknown(conn, query, areas or (), kinds), note=query.note)
    found = _described(conn, query, {row.id: row.at for row in page})
    return Page(found, _cursor(page[-1]) if more else None, None, query.note)


def matching(text: str) -> sa.ColumnElement[bool]:
    """The condition on `article` that it is found by a text, for other queries. False for a text that finds nothing: `parse` says
    why. What is withheld has no words; a text that is bounds alone needs `may_be_shown` beside it, which is in this condition.
    """
    query = parse(text)
    if query.problem is not None:
        return sa.false()
    return sa.and_(may_be_shown(), *_conditions(query, ARTICLE.c.source_id, walks=False))


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


def _has_many_hits(conn: Connection, query: Query) -> bool:
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


def _conditions(query: Query, source: sa.ColumnElement[str], walks: bool) -> list[sa.ColumnElement[bool]]:
    found = [*_within(source, query.areas or None, query.kinds, query.since, query.until)]
    if query.terms:
        found.append(
            _Has(_hits(query))
            if walks
            else ARTICLE.c.id.op("IN", is_comparison=True, return_type=sa.Boolean())(_hits(query))
        )
    return found


def _within(
    source: sa.ColumnElement[str],
    areas: Collection[str] | None,
    kinds: Collection[str],
    since: datetime | None,
    until: datetime | None,
) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if areas is not None:
        these = sa.select(SOURCE.c.id).where(_plain(SOURCE.c.area).in_([_plain_name(area) for area in areas]))
        found.append(source.in_(these))
    if kinds:
        kind = sa.select(VERSION.c.id).where(_CURRENT, VERSION.c.kind.in_(sorted(kinds)))
        found.append(sa.exists(kind.correlate(ARTICLE)))
    if since is not None:
        found.append(sa.literal(since, ARTICLE.c.first_seen_at.type) <= NEWS_AT)
    if until is not None:
        found.append(sa.literal(until, ARTICLE.c.first_seen_at.type) > NEWS_AT)
    return found


_APART = (("&", "and"), (" ", ""), ("-", ""), (".", ""), ("'", ""), (",", ""), ("(", ""), (")", ""))


def _plain(column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """An area as it is compared: its name and its slug are one, so that a person may type either."""
    plain: sa.ColumnElement[str] = sa.func.lower(column)
    for mark, instead in _APART:
        plain = sa.func.replace(plain, mark, instead)
    return plain


def _plain_name(area: str) -> str:
    plain = area.lower()
    for mark, instead in _APART:
        plain = plain.replace(mark, instead)
    return plain


def _cursor(row: Any) -> str:
    return f"{row.at:%Y%m%dT%H%M%S.%f}-{row.id}"


def _after(cursor: str) -> sa.ColumnElement[bool]:
    try:
        told, _, number = cursor.partition("-")
        if not (cursor.isascii() and number.isdigit() and len(number) <= 18):
            raise ValueError(cursor)
        at = datetime.strptime(f"{told}+0000", "%Y%m%dT%H%M%S.%f%z")
    except ValueError:
        raise BadCursor(f"{cursor[:40]!r} is no place in a list of hits") from None
    moment = sa.literal(at, ARTICLE.c.first_seen_at.type)
    return sa.or_(moment > NEWS_AT, sa.and_(moment == NEWS_AT, ARTICLE.c.id < int(number)))


def _unknown(conn: Connection, query: Query, areas: Collection[str], kinds: Collection[str]) -> str | None:
    """Why nothing was found, where that is a name that the store does not hold."""
    for area in (*query.areas, *areas):
        if conn.execute(sa.select(SOURCE.c.id).where(_plain(SOURCE.c.area) == _plain_name(area))).first() is None:
            return f"the store has no area {area[:40]!r}"
    for kind in (*query.kinds, *kinds):
        if kind not in NAMES and conn.scalar(sa.select(sa.not_(sa.exists().where(VERSION.c.kind == kind)))):
            return f"there is no kind {kind[:40]!r}; kinds are {', '.join(NAMES)}"
    return None


def _described(conn: Connection, query: Query, moments: dict[int, datetime]) -> list[Found]:
    rows = conn.execute(
        sa.select(
            ARTICLE.c.id.label("article_id"),
            ARTICLE.c.source_id.label("source"),
            SOURCE.c.area,
            *(ARTICLE.c[name] for name in ("url", "address", "published_at", "first_seen_at", "removed_at")),
            *(VERSION.c[name] for name in ("title", "description", "body", "kind", "references")),
        )
        .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
        .join(VERSION, _CURRENT)
        .where(ARTICLE.c.id.in_(moments))
    )
    by_id = {row.article_id: row._asdict() for row in rows}
    texts = marked(query.terms, [(n, by_id[n]) for n in moments])
    shown = []
    for number, at in moments.items():
        about = by_id[number]
        told = {name: about[name] for name in about if name not in ("description", "body", "references")}
        title_marked, snippet = texts[number]
        shown.append(Found(**told, at=at, title_marked=title_marked, snippet=snippet))
    return shown

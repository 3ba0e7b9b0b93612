"""Searching the words of what may be shown: the newest first, with the hits marked. See `storage.search_query` for what a person
may type.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.kinds import NAMES
from storage.search_conditions import (
    CURRENT,
    NEWS_AT,
    SOURCE_UNSOUGHT,
    conditions,
    has_many_hits,
    plain_name,
    within,
)
from storage.search_query import Query, parse
from storage.search_snippets import Segments, marked
from storage.tables import ARTICLE, SOURCE, VERSION
from storage.withheld import may_be_shown

__all__ = ["BadCursor", "Found", "Page", "Query", "matching", "parse", "search"]

MOST = 500  # hits of one page


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
    walks = conn.dialect.name == "sqlite" and has_many_hits(conn, query)
    source = SOURCE_UNSOUGHT if walks else ARTICLE.c.source_id
    bounds = [*within(source, areas, kinds, since, until), *conditions(query, source, walks)]
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
    return sa.and_(may_be_shown(), *conditions(query, ARTICLE.c.source_id, walks=False))


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
    stored = {
        plain_name(area): area for area in conn.scalars(sa.select(SOURCE.c.area).distinct().order_by(SOURCE.c.area))
    }
    for area in (*query.areas, *areas):
        if plain_name(area) not in stored:
            near = [stored[name] for name in get_close_matches(plain_name(area)[:80], stored)]
            return f"the store has no area {area[:40]!r}" + (f"; near it: {', '.join(near)}" if near else "")
    for kind in (*query.kinds, *kinds):
        if kind not in NAMES and conn.scalar(sa.select(sa.not_(sa.exists().where(VERSION.c.kind == kind)))):
            near = get_close_matches(kind[:80], NAMES, n=1)
            meant = f"did you mean {near[0]}?" if near else f"kinds are {', '.join(NAMES)}"
            return f"there is no kind {kind[:40]!r}; {meant}"
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
        .join(VERSION, CURRENT)
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

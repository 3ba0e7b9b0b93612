"""Any search as a feed: what an area, words, kinds and days leave of all articles, in pages, the newest first by publication.

A search finds all there is; what is merely new to us is not held back here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa

from feeds.definitions import Feed
from feeds.edition import Place
from feeds.identity import digest
from feeds.published import EARLIEST, PUBLISHED, of_feed
from feeds.queries import BadQuery, FeedQuery
from feeds.selection import MOST_ENTRIES, Picked
from storage.kinds import kind_name
from storage.models import Article, Source, Version
from storage.search import matching, parse
from storage.withheld import may_be_shown


def found(conn: sa.Connection, feed: Feed, query: FeedQuery) -> tuple[list[Picked], int]:
    """The articles of the page that is asked for, and how many pages there are. Raises `BadQuery` for a page behind the last."""
    conditions = _conditions(feed, query)
    count = conn.scalar(_joined(sa.select(sa.func.count()), query).where(*conditions)) or 0
    pages = max(1, -(-count // MOST_ENTRIES))
    if query.page > pages:
        raise BadQuery(f"There is no page {query.page}; the last one is {pages}.")
    rows = _joined(sa.select(Article.id, PUBLISHED.label("published")), query).where(*conditions)
    rows = rows.order_by(PUBLISHED.desc(), Article.id.desc()).limit(MOST_ENTRIES)
    return [Picked(row.id, row.published) for row in conn.execute(rows.offset((query.page - 1) * MOST_ENTRIES))], pages


def _joined(statement: sa.Select[Any], query: FeedQuery) -> sa.Select[Any]:
    statement = statement.select_from(Article).join(Source, Source.id == Article.source_id)
    if not query.kinds:
        return statement
    return statement.join(Version, sa.and_(Version.article_id == Article.id, Version.number == Article.version))


def _conditions(feed: Feed, query: FeedQuery) -> list[sa.ColumnElement[bool]]:
    conditions = [*of_feed(feed), Article.removed_at.is_(None), may_be_shown()]
    if query.kinds:
        conditions.append(Version.kind.in_(query.kinds))
    if query.since and query.since > EARLIEST:
        # The second says less than the first, and has an index.
        conditions += [query.since <= PUBLISHED, Article.first_seen_at >= query.since]
    if query.until:
        conditions.append(query.until > PUBLISHED)
    if query.q:
        if (problem := parse(query.q).problem) is not None:
            raise BadQuery(problem)
        conditions.append(matching(query.q))
    return conditions


def place_of(scope: str, query: FeedQuery) -> Place:
    """Where a search's document lies."""
    return Place(scope, f"?{urlencode(query.asked, quote_via=quote)}" if query.asked else "")


def links(scope: str, query: FeedQuery, pages: int) -> dict[str, Place]:
    """The links of a page to the others (RFC 5005, 3); none for a search that has one page."""
    if pages < 2:
        return {}
    at = {"first": 1, "previous": query.page - 1, "next": query.page + 1, "last": pages}
    return {rel: place_of(scope, query.at(page)) for rel, page in at.items() if 1 <= page <= pages}


def feed_of(feed: Feed, query: FeedQuery) -> Feed:
    """The feed that a search of another one is. All its pages are one feed."""
    said = [f"'{query.q}'" if query.q else "", " or ".join(kind_name(kind).lower() for kind in query.kinds)]
    said += [
        f"since {query.since:%Y-%m-%d}" if query.since else "",
        f"until {query.until:%Y-%m-%d}" if query.until else "",
    ]
    whole = urlencode(query.at(1).asked)
    return replace(
        feed,
        name=f"{feed.name}/search/{digest(whole)}",
        title=f"{feed.title}: {', '.join(filter(None, said))}" if any(said) else feed.title,
        description=f"What a search finds. {feed.description}",
    )

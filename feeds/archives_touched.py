"""Which archive documents differ by what happened since: a few of thousands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from feeds.archives import Period, last_place, parts_between, period_at, place
from feeds.definitions import Feed
from feeds.edition import Place
from feeds.names import ALL
from feeds.published import PUBLISHED, UNDATED, nearest
from storage.areas import area_slug
from storage.models import Article, Change, Source, Suppression


def touched_places(
    conn: sa.Connection, scopes: Mapping[str, Feed], *, change: int, suppression: int, untold: int | None = None
) -> dict[str, list[Place] | None]:
    """The archive documents by scope in which something differs by changes and suppressions with higher numbers than these, and by
    what no change tells of (`storage.untold`). None for a scope of which any may: a story got another date, or was imported
    again, and nothing tells where it stood before.
    """
    periods: dict[str, set[Period] | None] = {}
    for area, published, was_moved in conn.execute(_happened(change, suppression, untold)):
        for scope in (ALL, area_slug(area)):
            found = periods.setdefault(scope, set())
            if scope not in scopes or was_moved:
                periods[scope] = None
            elif found is not None:
                found.add(period_at(scopes[scope], published))
    return {
        scope: None if found is None else _with_neighbours(conn, scopes[scope], scope, found)
        for scope, found in periods.items()
    }


def _happened(change: int, suppression: int, untold: int | None) -> sa.CompoundSelect[Any]:
    redated = sa.cast(Change.fields, sa.String).contains("published_at")
    imported = sa.and_(Change.change == "new", Change.crawl_id.is_(None))
    moved = sa.or_(sa.and_(Change.change.in_(("reparsed", "edited")), redated), imported)
    changed = (
        sa.select(Source.area, PUBLISHED.label("published"), moved.label("moved"))
        .join(Article, Article.source_id == Source.id)
        .join(Change, Change.article_id == Article.id)
        .where(Change.id > change)
    )
    suppressed = (
        sa.select(Source.area, PUBLISHED.label("published"), sa.false().label("moved"))
        .join(Article, Article.source_id == Source.id)
        .join(Suppression, Suppression.article_id == Article.id)
        .where(Suppression.id > suppression)
    )
    if untold is None:
        return sa.union(changed, suppressed)
    # A story that its site does not date stands where we saw it first, which an import may have moved.
    shown = (
        sa.select(Source.area, PUBLISHED.label("published"), UNDATED.label("moved"))
        .join(Article, Article.source_id == Source.id)
        .where(Article.untold > untold)
    )
    return sa.union(changed, suppressed, shown)


def _with_neighbours(conn: sa.Connection, feed: Feed, scope: str, periods: set[Period]) -> list[Place]:
    """All parts of the periods, and the documents on both sides, which lead to them: a period may be new."""
    found: dict[Place, None] = {}
    for period in sorted(periods):
        if (before := last_place(conn, feed, scope, period.start)) is not None:
            found[before] = None
        for part in range(1, parts_between(conn, feed, period) + 1):
            found[place(scope, period.name, part)] = None
        if (after := nearest(conn, feed, period.end, before=False)) is not None:
            found[place(scope, period_at(feed, after).name)] = None
    return list(found)

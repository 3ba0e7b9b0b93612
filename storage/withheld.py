"""What nothing may be shown of: in no feed, page, export or search."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.tables import ARTICLE, CHANGE, SOURCE


def is_withheld() -> sa.ColumnElement[bool]:
    """The condition, on the table `article`: an operator suppressed it; or it is about somebody who must be spared, and its
    force withdrew it; or its text was erased. Its address is withheld too: the last part of most is made of the headline.
    """
    spared = ARTICLE.c.removed_at.is_not(None) & ARTICLE.c.sensitive
    return sa.or_(ARTICLE.c.suppressed_at.is_not(None), spared, ARTICLE.c.erased_at.is_not(None))


def may_be_shown() -> sa.ColumnElement[bool]:
    """The opposite of `is_withheld`."""
    return sa.not_(is_withheld())


def may_be_told() -> sa.ColumnElement[bool]:
    """The condition, on the tables `article` and `change`, that it may be said that the change was. Of what is withheld that it
    was withdrawn, and no more: whoever copied it has to know.
    """
    withdrawn = sa.and_(CHANGE.c.change == "removed", ARTICLE.c.removed_at.is_not(None))
    return sa.or_(may_be_shown(), withdrawn)


def withheld_articles(
    conn: Connection, *, source: str | None = None, area: str | None = None, since: datetime | None = None
) -> list[Any]:
    """`id, source_id, area, url, reuse` of the articles that an export leaves out. `since` bounds first_seen_at."""
    query = (
        sa.select(ARTICLE.c.id, ARTICLE.c.source_id, SOURCE.c.area, ARTICLE.c.url, ARTICLE.c.reuse)
        .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
        .where(is_withheld())
        .order_by(ARTICLE.c.id)
    )
    if source is not None:
        query = query.where(ARTICLE.c.source_id == source)
    if area is not None:
        query = query.where(SOURCE.c.area == area)
    if since is not None:
        query = query.where(ARTICLE.c.first_seen_at >= since)
    return list(conn.execute(query))

"""Which changes a feed of changes tells of: what was edited, withdrawn or put back, the latest first.

Not among them: minor ones and our own doing (reparsed), moves to another address, and what an import brought of years ago. Nor
is anything of a withheld article, but that it was withdrawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from feeds.definitions import Feed
from feeds.published import in_feed
from feeds.selection import MOST_AT_ONCE, MOST_ENTRIES
from storage.models import IS_TOLD, Article, Change, Source
from storage.withheld import is_withheld, may_be_told

EDITED, REMOVED, RESTORED = "edited", "removed", "restored"

_LOOKED_AT = (
    1000  # so many at once are likelier our mistake than theirs, and MOST_AT_ONCE of a source are told of anyway
)
_TELLABLE = (
    IS_TOLD,  # says nothing more, but in the words of an index
    Change.change.in_((EDITED, REMOVED, RESTORED)),
    sa.not_(Change.minor),
    Change.crawl_id.is_not(None),
    may_be_told(),
)
_COLUMNS: tuple[Any, ...] = (
    *(Change.id, Change.article_id, Change.change, Change.version, Change.version_before, Change.fields, Change.at),
    *(Article.source_id, Article.url, Article.reuse, Article.address, Article.version.label("current")),
    *(Article.sensitive, is_withheld().label("withheld"), Source.force, Source.area),
)
_ROWS = (
    sa.select(*_COLUMNS)
    .join(Article, Article.id == Change.article_id)
    .join(Source, Source.id == Article.source_id)
    .where(*_TELLABLE)
    .order_by(Change.at.desc(), Change.id.desc())
    .limit(_LOOKED_AT)
)


def latest(conn: sa.Connection, feed: Feed) -> list[Any]:
    """The changes of a feed's areas, the latest first. A day of which a source has more than `MOST_AT_ONCE` of one kind (the first
    look after an outage) gives those that were seen first: a crawl looks at the newest stories first.
    """
    rows = conn.execute(_ROWS.where(*in_feed(feed))).all()
    of_day: defaultdict[Any, list[int]] = defaultdict(list)
    for row in rows:
        of_day[row.source_id, row.at.date(), row.change].append(row.id)
    told = {change for group in of_day.values() for change in sorted(group)[:MOST_AT_ONCE]}
    return [row for row in rows if row.id in told][:MOST_ENTRIES]


def occasions(conn: sa.Connection, rows: Sequence[Any]) -> dict[int, int]:
    """Of each removal and return, by the change's id: which one of its kind it is for its article, from 1."""
    ids = {row.article_id for row in rows if row.change != EDITED}
    query = sa.select(Change.id, Change.article_id, Change.change)
    counted: defaultdict[Any, int] = defaultdict(int)
    found = {}
    these = (Change.article_id.in_(ids), Change.change.in_((REMOVED, RESTORED)))
    for row in conn.execute(query.where(*these).order_by(Change.id)):
        counted[row.article_id, row.change] += 1
        found[row.id] = counted[row.article_id, row.change]
    return found

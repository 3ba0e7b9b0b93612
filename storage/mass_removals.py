"""Where so many articles are gone that none is taken for removed: a site's bad day, its platform's, or our mistake."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.rules import RemovalRule
from storage.tables import ARTICLE, ISSUE, PAGE, SOURCE

_DAY = timedelta(days=1)
_MOST_SOURCES = 4  # of one platform that lose pages within a day by chance
_NO_PLATFORM = "generic"
NO_WITNESS = "nothing is there"  # the kind of an issue: a crawl found no page beside the suspects that told its story


class MassRemoval(Exception):  # noqa: N818  named as what it is
    """Raised when so many of a source's articles seem gone at once that none is taken for removed."""

    def __init__(self, count: int, known: int, what: str = "articles") -> None:
        super().__init__(f"{count} of {known} {what} seem gone within a day; none was marked as removed this time")
        self.count = count
        self.known = known


def refuse_mass_removal(
    conn: Connection, source_id: str, gone: int, live: int, *, rule: RemovalRule, now: datetime
) -> None:
    """Raises `MassRemoval` where more of a source's articles seem gone than the rule lets go, or all of them, two at least.

    `gone` of the `live` ones seem so now. Those that were removed in the last day and did not come back count on both sides: an
    accident that hits a part of a site is found page by page, as each becomes due.
    """
    lately = conn.scalar(
        sa.select(sa.func.count(ARTICLE.c.id.distinct()))
        .join(PAGE, PAGE.c.article_id == ARTICLE.c.id)
        .where(ARTICLE.c.source_id == source_id, _was_removed_lately(rule, now))
    )
    gone, known = gone + (lately or 0), live + (lately or 0)
    if (gone > rule.most and gone > rule.share * known) or gone == known > 1:
        raise MassRemoval(gone, known)


def refuse_platform_removal(conn: Connection, source_id: str, *, rule: RemovalRule, now: datetime) -> None:
    """Raises `MassRemoval` where most sources of the source's platform lost pages within a day, however few each: that is the
    platform's doing.
    """
    reader = conn.scalar(sa.select(SOURCE.c.reader).where(SOURCE.c.id == source_id))
    if reader == _NO_PLATFORM:
        return
    pages = (
        sa.select(PAGE.c.source_id)
        .join(ARTICLE, ARTICLE.c.id == PAGE.c.article_id)
        .join(SOURCE, SOURCE.c.id == PAGE.c.source_id)
        .where(SOURCE.c.reader == reader)
        .distinct()
    )
    live, lately = ARTICLE.c.removed_at.is_(None), _was_removed_lately(rule, now)
    losing = live & (PAGE.c.gone_answers > 0) & (PAGE.c.gone_since > now - _DAY)
    sources, lost = (len(conn.scalars(pages.where(these)).all()) for these in (live | lately, losing | lately))
    if lost > _MOST_SOURCES and lost * 2 > sources:
        raise MassRemoval(lost, sources, f"sources of {reader} have articles that")


def _was_removed_lately(rule: RemovalRule, now: datetime) -> sa.ColumnElement[bool]:
    """Removed within a day (by a clock that may have been set back since) and still away. What was removed because it had
    settled is no part of anything that happens now.
    """
    lately = ARTICLE.c.removed_at.between(now - _DAY, now + _DAY)
    return lately if rule.settled is None else lately & (PAGE.c.gone_since > now - rule.settled)


def settled(
    conn: Connection, source_id: str, candidates: Iterable[Any], *, rule: RemovalRule, now: datetime
) -> set[int]:
    """The articles whose pages have been gone at each look for so long that they are, however many: a force that clears out its
    old stories. Nobody is where in that time the pages beside them were not there either.
    """
    if rule.settled is None:
        return set()
    began = now - rule.settled
    found = {
        row.id for row in candidates if row.since <= began and row.answers >= 2 * rule.answers and not row.other_answers
    }
    if not found:
        return set()
    alone = sa.select(ISSUE.c.id).where(ISSUE.c.source_id == source_id, ISSUE.c.kind == NO_WITNESS, ISSUE.c.at > began)
    return found if conn.scalar(alone.limit(1)) is None else set()

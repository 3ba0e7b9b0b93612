"""What was added to the store since this process began: its counters. Nothing older is read, however long the store has been kept; what an
operator prunes meanwhile makes no counter fall.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from storage.tables import CHANGE, CRAWL, ISSUE, SOURCE

_MOST_KINDS = 60  # values of a label; what comes after them is told as other
_SUMS = {
    "requests": "forcewire_crawl_requests_total",
    "bytes": "forcewire_crawl_received_bytes_total",
    "failed": "forcewire_crawl_pages_failed_total",
}
_UNFINISHED = sa.select(CRAWL.c.id).where(CRAWL.c.source_id.in_(sa.select(SOURCE.c.id)), CRAWL.c.verdict.is_(None))
_ENDED = sa.select(
    *(CRAWL.c[name] for name in ("verdict", "trouble", "started_at", "finished_at", *_SUMS)),
).where(CRAWL.c.id.in_(sa.bindparam("these", expanding=True)), CRAWL.c.verdict.is_not(None))  # fmt: skip


class Since:
    """Asked in one transaction at a time. `values`: by the metric's name and its labels."""

    def __init__(self) -> None:
        self.values: dict[str, Counter[tuple[str, ...]]] = {}
        self._crawls = self._changes = self._issues = -1
        self._running: set[int] = set()

    def look(self, conn: sa.Connection) -> None:
        """Counts what is new. The first look counts nothing: it says where to begin."""
        running = set(conn.scalars(_UNFINISHED))
        self._crawls, these = _new(conn, CRAWL.c.id, self._crawls)
        for row in conn.execute(_ENDED, {"these": [*these, *self._running]}) if these or self._running else ():
            self._ended(row)
        self._running = running
        first, self._changes = self._changes, _last(conn, CHANGE.c.id)
        is_news = (sa.not_(CHANGE.c.minor), CHANGE.c.crawl_id.is_not(None))
        self._count("forcewire_changes_total", _counted(conn, CHANGE.c.id, CHANGE.c.change, first, *is_news))
        first, self._issues = self._issues, _last(conn, ISSUE.c.id)
        self._count("forcewire_issues_total", _counted(conn, ISSUE.c.id, ISSUE.c.kind, first))

    def _ended(self, row: Any) -> None:
        self.add("forcewire_crawls_total", (row.verdict, row.trouble or "none"), 1)
        for name, metric in _SUMS.items():
            self.add(metric, (), getattr(row, name))
        if row.finished_at is not None:
            took = (row.finished_at - row.started_at).total_seconds()
            self.add("forcewire_crawl_seconds_total", (), max(took, 0))  # a clock may have been set back

    def _count(self, metric: str, rows: Iterable[tuple[str, int]]) -> None:
        for value, number in rows:
            self.add(metric, (value,), number)

    def add(self, metric: str, labels: tuple[str, ...], number: float) -> None:
        """Adds to one counter."""
        known = self.values.setdefault(metric, Counter())
        if labels not in known and len(known) >= _MOST_KINDS:
            labels = ("other",) * len(labels)
        known[labels] += number  # type: ignore[assignment]


def _last(conn: sa.Connection, column: sa.Column[Any]) -> int:
    return int(conn.scalar(sa.select(sa.func.max(column))) or 0)


def _new(conn: sa.Connection, column: sa.Column[Any], after: int) -> tuple[int, list[int]]:
    """The last number, and those after the one before; none where a store of lower numbers took its place."""
    if after < 0:
        return _last(conn, column), []
    these = list(conn.scalars(sa.select(column).where(column > after)))
    return (max(these), these) if these else (_last(conn, column), [])


def _counted(
    conn: sa.Connection, column: sa.Column[Any], by: sa.Column[Any], after: int, *which: sa.ColumnElement[bool]
) -> list[tuple[str, int]]:
    if after < 0:
        return []
    query = sa.select(by, sa.func.count()).where(column > after, *which).group_by(by)
    return [(str(value), int(number)) for value, number in conn.execute(query)]

"""Where a store stands, and which areas' documents may differ since it stood elsewhere: a few look-ups, however old the store is.

Feeds show what changes, suppressions and sources say. Each of the first two has a row that is never rewritten, so the last rows
tell whether there are later ones; what no change tells of is numbered (`storage.untold`); the sources are few enough to be read. A store that was put back from a backup, or replaced by
another one, does not hold the row that was last: then everything may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

import sqlalchemy as sa

from storage.areas import area_slug
from storage.tables import ARTICLE, CHANGE, SOURCE, SUPPRESSION

# PostgreSQL gives out numbers when rows are written and shows the rows when their transaction ends: a lower number may come later.
_LATE = 5000
_UNTOLD_LATE = 20

_NOT_SHOWN = ("walk_open", "walk_cut_at", "template_changed_at", "habit")
_SHOWN = tuple(column for column in SOURCE.c if column.name not in _NOT_SHOWN)
_SOURCES = sa.select(*_SHOWN).order_by(SOURCE.c.id)
_CHANGE = (CHANGE.c.article_id, CHANGE.c.change, CHANGE.c.version, CHANGE.c.at)
_SUPPRESSION = (SUPPRESSION.c.article_id, SUPPRESSION.c.action, SUPPRESSION.c.who, SUPPRESSION.c.at)


@dataclass(frozen=True, slots=True)
class Last:
    """The last row of a table that only grows. `id` is 0 where there is none; `row` is a digest of it; `seen` counts the rows
    with the numbers below it, where a lower one may come later.
    """

    id: int = 0
    row: str = ""
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a store stands. `untold` is the last number of what no change tells of; `sources` are id, area slug and a digest of
    what feeds show of each.
    """

    change: Last
    suppression: Last
    untold: Last
    sources: frozenset[tuple[str, str, str]]

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        lasts = {"change": self.change, "suppression": self.suppression, "untold": self.untold}
        sources = sorted(map(list, self.sources))
        return {name: [last.id, last.row, last.seen] for name, last in lasts.items()} | {"sources": sources}

    @classmethod
    def of_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The opposite of `plain`. Raises KeyError, TypeError or ValueError for anything else."""

        def last(name: str) -> Last:
            id, row, seen = plain[name]
            return Last(int(id), str(row), int(seen))

        sources = frozenset((str(id), str(area), str(row)) for id, area, row in plain["sources"])
        return cls(last("change"), last("suppression"), last("untold"), sources)


def mark(conn: sa.Connection) -> Mark:
    """Where the store stands now. Cheap enough to be asked each second."""
    return Mark(
        change=_last(conn, CHANGE, _CHANGE),
        suppression=_last(conn, SUPPRESSION, _SUPPRESSION),
        untold=_last_untold(conn),
        sources=frozenset((row.id, area_slug(row.area), _digest(row)) for row in conn.execute(_SOURCES)),
    )


def touched(conn: sa.Connection, since: Mark, now: Mark) -> set[str] | None:
    """Slugs of the areas whose documents may differ between the two; those of all may when there is any. None: everything may,
    for this is not the store that it was.
    """
    if since == now:
        return set()
    if not (
        _goes_on(conn, CHANGE, _CHANGE, since.change)
        and _goes_on(conn, SUPPRESSION, _SUPPRESSION, since.suppression)
        and now.untold.id >= since.untold.id
    ):
        return None
    areas = {area for _, area, _ in since.sources ^ now.sources}
    for later in (
        sa.select(CHANGE.c.article_id).where(CHANGE.c.id > since.change.id),
        sa.select(SUPPRESSION.c.article_id).where(SUPPRESSION.c.id > since.suppression.id),
        sa.select(ARTICLE.c.id).where(ARTICLE.c.untold > since.untold.id - _untold_late(conn)),
    ):
        # What a force says in one area may answer an appeal of it in another one (`feeds.open_appeals`).
        forces = (
            sa.select(SOURCE.c.force).join(ARTICLE, ARTICLE.c.source_id == SOURCE.c.id).where(ARTICLE.c.id.in_(later))
        )
        query = sa.select(SOURCE.c.area).where(SOURCE.c.force.in_(forces))
        areas |= {area_slug(area) for area in conn.scalars(query.distinct())}
    return areas


def _last(conn: sa.Connection, table: sa.Table, shown: tuple[sa.Column[Any], ...]) -> Last:
    row = conn.execute(sa.select(table.c.id, *shown).order_by(table.c.id.desc()).limit(1)).one_or_none()
    return Last(row.id, _digest(row[1:]), _seen(conn, table, row.id)) if row is not None else Last()


def _goes_on(conn: sa.Connection, table: sa.Table, shown: tuple[sa.Column[Any], ...], last: Last) -> bool:
    """Whether the row that was last is there, and none came before it since."""
    if last.id == 0:
        return True
    row = conn.execute(sa.select(*shown).where(table.c.id == last.id)).one_or_none()
    return row is not None and _digest(row) == last.row and _seen(conn, table, last.id) == last.seen


def _last_untold(conn: sa.Connection) -> Last:
    last = conn.scalar(sa.select(sa.func.max(ARTICLE.c.untold))) or 0
    late = _untold_late(conn)
    query = sa.select(sa.func.count()).where(ARTICLE.c.untold > last - late)
    return Last(last, seen=conn.scalar(query) or 0 if late else 0)


def _untold_late(conn: sa.Connection) -> int:
    return _UNTOLD_LATE if conn.dialect.name == "postgresql" else 0


def _seen(conn: sa.Connection, table: sa.Table, id: int) -> int:
    if conn.dialect.name != "postgresql":
        return 0
    return conn.scalar(sa.select(sa.func.count()).where(table.c.id.between(id - _LATE, id))) or 0


def _digest(values: Any) -> str:
    return sha256("\0".join(map(str, values)).encode("utf-8", "surrogatepass")).hexdigest()[:16]

"""A page of a long list: from a place on in an index, looking at a bounded number of rows however old the store is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

import sqlalchemy as sa

# So many rows are looked at for one page. Where fewer of them fit a filter that no index has, the page is short and says where to
# go on: nobody waits for the whole store to be read.
MOST_LOOKED_AT = 5000
_AT_ONCE = 500

Place = tuple[datetime, int]
Keep = Callable[[list[int]], Collection[int]]


@dataclass(frozen=True, slots=True)
class Walked:
    """Numbers of rows, and the place after which the list goes on; None at its end."""

    ids: list[int]
    rest: Place | None


@dataclass(frozen=True, slots=True)
class Track:
    """Rows in the order of one time, which an index has."""

    at: sa.ColumnElement[Any]
    where: Sequence[sa.ColumnElement[bool]] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """Newest first along one or more tracks that have no row in common; ties by number. Each of `lanes` is a condition that
    begins an index of its own, and no row fits two.
    """

    id: sa.ColumnElement[int]
    tracks: Sequence[Track]
    lanes: Sequence[sa.ColumnElement[bool]] = ()


def walk(conn: sa.Connection, path: Path, *, after: Place | None, limit: int, keep: Keep | None = None) -> Walked:
    """The next rows after a place, up to `limit`; `keep` says which of some numbers fit."""
    many = limit + 1
    lanes: Sequence[sa.ColumnElement[bool] | None] = path.lanes or [None]
    rows = merge(*(_rows(conn, path, lane, after, many) for lane in lanes), reverse=True)
    found: list[Place] = []
    looked = 0
    while part := list(islice(rows, many)):
        looked, many = looked + len(part), max(_AT_ONCE, many)
        fitting = keep([id for _, id in part]) if keep else None
        found += [row for row in part if fitting is None or row[1] in fitting]
        if len(found) > limit:
            return Walked([id for _, id in found[:limit]], found[limit - 1])
        if looked >= MOST_LOOKED_AT:
            return Walked([id for _, id in found], part[-1])
    return Walked([id for _, id in found], None)


def _rows(
    conn: sa.Connection, path: Path, lane: sa.ColumnElement[bool] | None, after: Place | None, many: int
) -> Iterator[Place]:
    """Part by part, so that no query is left open while `keep` asks another one."""
    while True:
        part: list[Place] = []
        for track in path.tracks:
            # What lies below as many rows as are wanted is not looked for on the other tracks.
            low = part[-1][0] if len(part) == many else None
            part = sorted(part + _of_track(conn, path.id, track, lane, after, low, many), reverse=True)[:many]
        yield from part
        if len(part) < many:
            return
        after, many = part[-1], max(_AT_ONCE, many)


def _of_track(
    conn: sa.Connection,
    id: sa.ColumnElement[int],
    track: Track,
    lane: sa.ColumnElement[bool] | None,
    after: Place | None,
    low: datetime | None,
    many: int,
) -> list[Place]:
    at = track.at
    query = sa.select(at, id).where(*track.where, *([] if lane is None else [lane]))
    query = query.where(*([] if low is None else [at >= low])).order_by(at.desc(), id.desc())
    if after is None:
        return [(moment, n) for moment, n in conn.execute(query.limit(many))]
    # As two questions, because no database answers the one with "or" by its index alone.
    found = [(moment, n) for moment, n in conn.execute(query.where(at == after[0], id < after[1]).limit(many))]
    if len(found) < many:
        older = query.where(at < after[0]).limit(many - len(found))
        found += [(moment, n) for moment, n in conn.execute(older)]
    return found


def walk_up(
    conn: sa.Connection, id: sa.ColumnElement[int], *, after: int, last: int, limit: int, keep: Keep
) -> tuple[list[int], int, bool]:
    """The next rows after a number and up to `last` in the order of numbers: those that fit, the number up to which all were looked
    at, and whether there are more behind it.
    """
    found: list[int] = []
    looked, place = 0, after
    while looked < MOST_LOOKED_AT:
        query = sa.select(id).where(id > place, id <= last).order_by(id).limit(_AT_ONCE)
        part = list(conn.scalars(query))
        if not part:
            return found, place, False
        fitting = keep(part)
        for number in part:
            if number in fitting:
                if len(found) == limit:
                    return found, place, True
                found.append(number)
            place = number
        looked += len(part)
    return found, place, True

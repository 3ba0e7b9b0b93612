"""Who crawls what now: sources that are due are claimed in one statement, never two of one site."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from storage.owners import Owner


@dataclass(slots=True, frozen=True)
class Claim:
    """A source that its claimer may crawl now, and was due since `due_at`."""

    source_id: str
    site: str
    due_at: datetime


def claim(
    conn: Connection, now: datetime, *, limit: int, owner: Owner, among: Collection[str] | None = None
) -> list[Claim]:
    """Claims at most `limit` sources that are due, the longest waiting first, for the process `owner`; `among`: these sources
    alone, so give the ids of the entries that can be crawled. Never two of one site, and none of a site that is being crawled, by
    hand too. Claims of processes that are gone are taken over; who loses a race gets less.

    To be called in a transaction of its own (`writing`). Each claim ends by itself when its crawl finishes; what is left is to be
    given back with `release`.
    """
    raise NotImplementedError


def renew(conn: Connection, source_ids: Iterable[str], now: datetime, owner: Owner) -> None:
    """Shows other machines that the process still holds its claims: to be called every few minutes, `LEASE` at most apart.
    A crawl does so itself as soon as it began.
    """
    raise NotImplementedError


def release(conn: Connection, source_ids: Iterable[str], now: datetime, owner: Owner, *, due_again: bool) -> None:
    """Gives back what the process, or a dead one of its machine, still holds of these claims; a claim whose crawl finished is
    no longer held, and is left alone.

    `due_again`: the crawl began, and was ended before its end: the source is due again at once, and later each time that happens
    in a row. Otherwise nothing began: it stays due as it was.
    """
    raise NotImplementedError

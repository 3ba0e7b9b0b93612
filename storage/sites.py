"""What hosts said of how they want to be asked: their robots.txt, and how long they want to be left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.tables import SITE

ROBOTS_HOLD = timedelta(hours=24)  # RFC 9309, 2.4: a copy is used for no longer
LONGEST_WAIT = timedelta(days=7)  # kept of what a host asks for; it is asked once, and may say so again


@dataclass(slots=True, frozen=True)
class Site:
    """What is kept of one host. `robots`: its robots.txt as served, None where it has none."""

    robots: bytes | None = None
    robots_at: datetime | None = None
    wait_until: datetime | None = None

    def robots_hold(self, now: datetime) -> bool:
        """Whether the robots.txt is still to be used. One of the future was kept before the clock was set back."""
        return self.robots_at is not None and timedelta(0) <= now - self.robots_at < ROBOTS_HOLD

    def wait_left(self, now: datetime) -> timedelta:
        """How long the host wants to be left alone. A longer wait than was ever kept means that the clock was set back."""
        left = self.wait_until - now if self.wait_until is not None else timedelta(0)
        return left if timedelta(0) < left <= LONGEST_WAIT else timedelta(0)


def site(conn: Connection, address: str) -> Site:
    """What is kept of the host at an address, "https://www.example.police.uk"."""
    query = sa.select(SITE.c.robots, SITE.c.robots_at, SITE.c.wait_until).where(SITE.c.address == address)
    row = conn.execute(query).one_or_none()
    return Site(*row) if row is not None else Site()


def keep_robots(conn: Connection, address: str, robots: bytes | None, now: datetime) -> None:
    """Keeps a robots.txt that was served now; None where the host has none."""
    _keep(conn, address, {"robots": robots, "robots_at": now})


def keep_wait(conn: Connection, address: str, wait: timedelta, now: datetime) -> None:
    """Keeps that a host asked to be left alone, for `LONGEST_WAIT` at most."""
    _keep(conn, address, {"wait_until": now + min(wait, LONGEST_WAIT)})


def _keep(conn: Connection, address: str, values: dict[str, Any]) -> None:
    insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(SITE)
    given = insert.values(address=address, **values)
    conn.execute(given.on_conflict_do_update(index_elements=["address"], set_=values))

"""When a source is due again, in the transaction that finishes its crawl."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy.engine import Connection

from storage.owners import Owner

Ending: TypeAlias = Literal["ok", "degraded", "failed", "blocked", "cut off"]


def rearm(
    conn: Connection,
    source_id: str,
    ending: Ending,
    now: datetime,
    *,
    started_at: datetime,
    owner: Owner,
    addresses: Collection[str] = (),
) -> None:
    """Ends the claim of `owner` and says when the source is due again. `addresses`: those of its hosts ("https://www.example.org")
    that may have asked to be left alone. For the transaction of `finish_crawl`, after it.
    """
    raise NotImplementedError

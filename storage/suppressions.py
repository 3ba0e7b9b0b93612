"""An operator's word that nothing of an article is published any more, or that it may be again: each one is written down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.addresses import address_key
from storage.tables import ARTICLE, PAGE, SOURCE, SUPPRESSION
from storage.text import storable


@dataclass(slots=True, kw_only=True)
class Found:
    """An article that an operator means. `reuse` counts the stories that its force had at `url` before."""

    article_id: int
    source: str
    area: str
    url: str
    reuse: int
    suppressed_at: datetime | None
    removed_at: datetime | None
    erased_at: datetime | None


@dataclass(slots=True, kw_only=True)
class StoredSuppression:
    """A line of the log: what was done to which article. `suppressed`: whether it is now."""

    id: int
    at: datetime
    action: str
    source: str
    area: str
    url: str
    why: str
    who: str
    suppressed: bool


def articles_at(conn: Connection, url: str) -> list[Found]:
    """All articles that a URL is, leads to or was an address of: as it is stored, or else in another spelling (scheme, www., letter
    case, a last slash, a fragment), or else without its query, which may only say where a reader came from.
    """
    url = url.strip()
    known = list(_addresses(conn))
    ids = {article_id for article_id, address in known if address == url}
    for spelt in (url.partition("#")[0], url.partition("#")[0].partition("?")[0]):
        if not ids and (wanted := _spelling(spelt)):
            ids = {article_id for article_id, address in known if _spelling(address) == wanted}
    return _found(conn, ids) if ids else []


def _spelling(url: str) -> tuple[str, str] | None:
    """None for what is no address."""
    url = url if "://" in url else f"https://{url}"
    try:
        host = urlsplit(url).netloc.casefold().rpartition("@")[2].removeprefix("www.")
    except ValueError:
        return None
    return (host, address_key(url)) if host else None


def _addresses(conn: Connection) -> Iterator[tuple[int, str]]:
    for row in conn.execute(sa.select(ARTICLE.c.id, ARTICLE.c.url, ARTICLE.c.address)):
        yield row.id, row.url
        if row.address != row.url:
            yield row.id, row.address
    yield from map(tuple, conn.execute(sa.select(PAGE.c.article_id, PAGE.c.url).where(PAGE.c.article_id.is_not(None))))


def _found(conn: Connection, ids: set[int]) -> list[Found]:
    """These, and the other stories that their force had at one of their URLs."""
    other = ARTICLE.alias("other")
    same = (other.c.source_id == ARTICLE.c.source_id) & (other.c.url == ARTICLE.c.url) & other.c.id.in_(ids)
    query = (
        sa.select(
            ARTICLE.c.id.label("article_id"),
            ARTICLE.c.source_id.label("source"),
            SOURCE.c.area,
            *(ARTICLE.c[name] for name in ("url", "reuse", "suppressed_at", "removed_at", "erased_at")),
        )
        .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
        .where(sa.exists().where(same))
        .order_by(ARTICLE.c.id)
    )
    return [Found(**row._mapping) for row in conn.execute(query)]


def suppress(conn: Connection, articles: Sequence[Found], *, why: str, who: str, now: datetime) -> list[Found]:
    """Withholds from now on those that are not suppressed yet, and returns them."""
    chosen = [each for each in articles if each.suppressed_at is None]
    return _write(conn, chosen, "suppress", now, {"why": why, "who": who, "at": now})


def undo(conn: Connection, articles: Sequence[Found], *, why: str, who: str, now: datetime) -> list[Found]:
    """Lets those that are suppressed be published again, as far as nothing else withholds them, and returns them."""
    chosen = [each for each in articles if each.suppressed_at is not None]
    return _write(conn, chosen, "undo", None, {"why": why, "who": who, "at": now})


def _write(
    conn: Connection, chosen: Sequence[Found], action: str, suppressed_at: datetime | None, said: dict[str, Any]
) -> list[Found]:
    if not chosen:
        return []
    ids = [each.article_id for each in chosen]
    conn.execute(ARTICLE.update().where(ARTICLE.c.id.in_(ids)).values(suppressed_at=suppressed_at))
    said |= {"why": storable(said["why"]), "who": storable(said["who"]), "action": action}
    conn.execute(SUPPRESSION.insert(), [said | {"article_id": article_id} for article_id in ids])
    return [replace(each, suppressed_at=suppressed_at) for each in chosen]


def suppressions(conn: Connection) -> list[StoredSuppression]:
    """The log, in the order in which it was written."""
    query = (
        sa.select(
            *(SUPPRESSION.c[name] for name in ("id", "at", "action")),
            ARTICLE.c.source_id.label("source"),
            SOURCE.c.area,
            ARTICLE.c.url,
            SUPPRESSION.c.why,
            SUPPRESSION.c.who,
            ARTICLE.c.suppressed_at.is_not(None).label("suppressed"),
        )
        .join(ARTICLE, ARTICLE.c.id == SUPPRESSION.c.article_id)
        .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
        .order_by(SUPPRESSION.c.id)
    )
    return [StoredSuppression(**row._mapping) for row in conn.execute(query)]

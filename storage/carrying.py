"""What must not come back with an older state of the store: what was suppressed, or withdrawn and must be spared, or erased since.

It is carried from the present store into the copy that takes its place. Articles are known by source, first URL and reuse, of
which the ids of feeds are made too; row numbers may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.carried_rows import CrawlNumbers, add_article, put_pages
from storage.database import reading, writing
from storage.erasing import erase
from storage.models import Base
from storage.tables import ARTICLE, CHANGE, SITE, SUPPRESSION
from storage.untold import note_untold
from storage.withheld import is_withheld

Key: TypeAlias = tuple[str, str, int]
# Each after those that it refers to.
_TOLD = [table for table in Base.metadata.sorted_tables if table.name in ("notice", "delivery", "alert", "condition")]


@dataclass(slots=True, frozen=True, kw_only=True)
class Carried:
    """What was carried: lines of the log of suppressions, articles that are withheld now and were not in the copy (`added`: were
    not there at all), and articles whose text was erased again.
    """

    suppressions: int
    withheld: int
    added: int
    erased: int


def carry(present: Engine, copy: Engine, now: datetime) -> Carried:
    """Carries it. Both stores have this revision; nobody else uses the copy. May be repeated after a crash. Raises `StoreError`."""
    with reading(present) as here, writing(copy) as there:
        crawls = CrawlNumbers(here, there)
        known = _keys(there)
        added = withheld = 0
        erased_at: dict[int, datetime] = {}
        touched = []
        for article in _watched(here):
            id = known.get(_key(article))
            if id is None:
                if not article.withheld:
                    continue
                known[_key(article)] = add_article(here, there, article, crawls)
                added += 1
                continue
            if _bring_up(here, there, id, article, crawls):
                withheld += 1
                touched.append(id)
            if article.erased_at is not None:
                erased_at[id] = article.erased_at
        lines = _carry_log(here, there, known)
        _carry_whole(here, there)
        _carry_waits(here, there, now)
        note_untold(there, touched)
    erased = erase(copy, erased_at, now=now)
    with writing(copy) as there:
        for id, at in erased_at.items():
            there.execute(ARTICLE.update().where(ARTICLE.c.id == id).values(erased_at=at))
    return Carried(suppressions=lines, withheld=withheld, added=added, erased=erased)


def _key(row: Any) -> Key:
    return row.source_id, row.url, row.reuse


def _keys(conn: Connection) -> dict[Key, int]:
    columns = (ARTICLE.c.id, ARTICLE.c.source_id, ARTICLE.c.url, ARTICLE.c.reuse)
    return {_key(row): row.id for row in conn.execute(sa.select(*columns))}


def _watched(here: Connection) -> list[Any]:
    """Articles of which something may have to be carried: about somebody who must be spared, withheld, or ever suppressed."""
    ever = sa.exists().where(SUPPRESSION.c.article_id == ARTICLE.c.id)
    query = sa.select(ARTICLE, is_withheld().label("withheld")).where(sa.or_(ARTICLE.c.sensitive, is_withheld(), ever))
    return list(here.execute(query.order_by(ARTICLE.c.id)))


def _bring_up(here: Connection, there: Connection, id: int, article: Any, crawls: CrawlNumbers) -> bool:
    """Whether the copy's article differed in what withholds it; it does not any more."""
    old = there.execute(sa.select(ARTICLE).where(ARTICLE.c.id == id)).one()
    values: dict[str, Any] = {"suppressed_at": article.suppressed_at, "sensitive": old.sensitive or article.sensitive}
    withdrawn = article.withheld and article.removed_at is not None
    if withdrawn:
        values["removed_at"] = article.removed_at
    if all(getattr(old, name) == value for name, value in values.items()):
        return False
    there.execute(ARTICLE.update().where(ARTICLE.c.id == id).values(values))
    if withdrawn:
        put_pages(here, there, article, id)
        if old.removed_at is None:
            _tell_removal(here, there, id, article, crawls)
    return True


def _tell_removal(here: Connection, there: Connection, id: int, article: Any, crawls: CrawlNumbers) -> None:
    removal = sa.select(CHANGE).where(CHANGE.c.article_id == article.id, CHANGE.c.change == "removed")
    row = here.execute(removal.order_by(CHANGE.c.id.desc()).limit(1)).one_or_none()
    if row is not None:
        version = there.scalar(sa.select(ARTICLE.c.version).where(ARTICLE.c.id == id))
        values = row._asdict() | {"article_id": id, "version": version, "crawl_id": crawls.there(row.crawl_id)}
        del values["id"]
        there.execute(CHANGE.insert(), values)


def _carry_log(here: Connection, there: Connection, known: Mapping[Key, int]) -> int:
    """Lines of the log that the copy has not, in their order; says how many."""
    key = (ARTICLE.c.source_id, ARTICLE.c.url, ARTICLE.c.reuse)
    query = (
        sa.select(SUPPRESSION, *key).join(ARTICLE, ARTICLE.c.id == SUPPRESSION.c.article_id).order_by(SUPPRESSION.c.id)
    )
    has = {(_key(row), row.action, row.at) for row in there.execute(query)}
    rows = [row for row in here.execute(query) if (_key(row), row.action, row.at) not in has and _key(row) in known]
    if rows:
        said = ("action", "why", "who", "at")
        there.execute(
            SUPPRESSION.insert(),
            [{"article_id": known[_key(row)]} | {name: getattr(row, name) for name in said} for row in rows],
        )
    return len(rows)


def _carry_whole(here: Connection, there: Connection) -> None:
    """What operators were told they were told, whatever became of the store: nobody is told of it twice."""
    for table in reversed(_TOLD):
        there.execute(table.delete())
    for table in _TOLD:
        if rows := [row._asdict() for row in here.execute(sa.select(table))]:
            there.execute(table.insert(), rows)


def _carry_waits(here: Connection, there: Connection, now: datetime) -> None:
    """Hosts that asked to be left alone are left alone."""
    there_are = set(there.scalars(sa.select(SITE.c.address)))
    for row in here.execute(sa.select(SITE).where(SITE.c.wait_until > now)).all():
        if row.address in there_are:
            there.execute(SITE.update().where(SITE.c.address == row.address).values(wait_until=row.wait_until))
        else:
            there.execute(SITE.insert(), row._asdict())

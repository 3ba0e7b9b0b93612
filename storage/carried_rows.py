"""An article and all that hangs on it, from one store into another one, whose row numbers differ."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.tables import ARTICLE, CHANGE, CRAWL, PAGE, REFERENCE, SOURCE, VERSION


class CrawlNumbers:
    """The numbers in the one store of crawls of the other. A crawl that is not there is copied: by its crawl a change is told from
    an import. The source goes with it where that is not there either.
    """

    def __init__(self, here: Connection, there: Connection) -> None:
        self._here, self._there = here, there
        self._known: dict[int, int] = {}

    def there(self, number: int | None) -> int | None:
        """The crawl's number in the other store. None stays None."""
        if number is None:
            return None
        if number not in self._known:
            row = self._here.execute(sa.select(CRAWL).where(CRAWL.c.id == number)).one()
            same = (CRAWL.c.source_id == row.source_id) & (CRAWL.c.started_at == row.started_at)
            found = self._there.scalar(sa.select(CRAWL.c.id).where(same))
            if found is None:
                put_source(self._here, self._there, row.source_id)
                found = self._there.execute(CRAWL.insert().returning(CRAWL.c.id), _without_id(row)).scalar_one()
            self._known[number] = int(found)
        return self._known[number]


def put_source(here: Connection, there: Connection, source_id: str) -> None:
    """The source, where the other store has it not."""
    if there.scalar(sa.select(SOURCE.c.id).where(SOURCE.c.id == source_id)) is None:
        row = here.execute(sa.select(SOURCE).where(SOURCE.c.id == source_id)).one()
        there.execute(SOURCE.insert(), row._asdict())


def add_article(here: Connection, there: Connection, article: Any, crawls: CrawlNumbers) -> int:
    """Copies an article that the other store has not, with its versions, changes, references and pages; returns its number there.
    The log of suppressions is carried by itself.
    """
    put_source(here, there, article.source_id)
    values = {column.name: getattr(article, column.name) for column in ARTICLE.c if column.name not in ("id", "untold")}
    id = int(there.execute(ARTICLE.insert().returning(ARTICLE.c.id), values).scalar_one())
    for table in (VERSION, CHANGE):
        rows = here.execute(sa.select(table).where(table.c.article_id == article.id).order_by(table.c.id)).all()
        told = [_without_id(row) | {"article_id": id, "crawl_id": crawls.there(row.crawl_id)} for row in rows]
        if told:
            there.execute(table.insert(), told)
    rows = here.execute(sa.select(REFERENCE).where(REFERENCE.c.article_id == article.id)).all()
    if rows:
        there.execute(REFERENCE.insert(), [row._asdict() | {"article_id": id} for row in rows])
    put_pages(here, there, article, id)
    return id


def put_pages(here: Connection, there: Connection, article: Any, id: int) -> None:
    """What is known of an article's pages: by them it is known again when they answer."""
    for row in here.execute(sa.select(PAGE).where(PAGE.c.article_id == article.id)).all():
        values = _without_id(row) | {"article_id": id}
        same = (PAGE.c.source_id == row.source_id) & (PAGE.c.url == row.url)
        if there.execute(PAGE.update().where(same).values(values)).rowcount == 0:
            there.execute(PAGE.insert(), values)


def _without_id(row: Any) -> dict[str, Any]:
    values: dict[str, Any] = row._asdict()
    del values["id"]
    return values

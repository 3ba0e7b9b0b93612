"""A store of invented news, as full and as old as it is asked to be. Rows go in as they are, because a crawl of so many takes minutes and
says nothing of feeds.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.changes import NORMALISATION, Words, content_hash
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, writing
from storage.tables import ARTICLE, CHANGE, VERSION

UNTIL = datetime(2026, 10, 1, 12, tzinfo=UTC)
_EVERY = timedelta(minutes=12)  # some 120 stories a day, as of fifty forces
_ADDED = datetime(2015, 1, 1, tzinfo=UTC)
_KINDS = (
    *("appeal",) * 6,
    *("court",) * 4,
    *("charge",) * 3,
    "arrest",
    "incident",
    "missing",
    "campaign",
    "other",
    "found",
)
_WORDS = (
    "officers witness road evening vehicle near market lane report call footage arrested released enquiries man woman village bridge "
    "station northbound early morning silver hatchback damage garden shed bicycle tools appeal information reference anyone seen"
).split()


def area_of(n: int) -> str:
    """The name of an area: Shire 01."""
    return f"Shire {n:02}"


def fill(path: Path, *, areas: int, articles: int) -> Engine:
    """A new store with so many articles, spread over the areas in turn. Without its index of words, on which no feed hangs."""
    engine = open_store(f"sqlite:///{path}")
    with writing(engine) as conn:
        for name in conn.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            conn.exec_driver_sql(f'DROP TRIGGER "{name}"')
        for n in range(areas):
            register_source(
                conn,
                id=f"shire-{n:02}",
                name=f"{area_of(n)} Police",
                force=f"{area_of(n)} Police",
                area=area_of(n),
                language="en",
                reader="generic",
                home_url=f"https://www.shire-{n:02}.example/news",
                now=_ADDED,
            )
        crawl = _crawl(conn, "shire-00", UNTIL)
        for start in range(0, articles, 2000):
            numbers = range(start, min(start + 2000, articles))
            _insert(conn, crawl, [_article(number, areas, articles) for number in numbers])
    return engine


def add_article(engine: Engine, number: int, area: int) -> None:
    """One article more, of now."""
    at = UNTIL + timedelta(minutes=number)
    with writing(engine) as conn:
        row = _values(random.Random(f"new {number}"), f"shire-{area:02}", f"new-{number}", at) | {"kind": "appeal"}
        _insert(conn, _crawl(conn, f"shire-{area:02}", at), [row])


def story(random: random.Random) -> str:
    """A text of two or three thousand characters, as most stories have: paragraphs, a list, links."""
    texts = [" ".join(random.choices(_WORDS, k=random.randint(30, 70))) for _ in range(random.randint(4, 9))]
    texts[1] = f"**{texts[1][:40]}** {texts[1][40:]} [Report it](/report/{random.randint(1, 999)})"
    texts.insert(3, "\n".join(f"* {random.choice(_WORDS)} {random.choice(_WORDS)}" for _ in range(4)))
    return "\n\n".join(texts) + "\n"


def _crawl(conn: sa.Connection, source: str, at: datetime) -> int:
    crawl = start_crawl(conn, source, reader="generic", reader_version=1, now=at, pid=1, host="bench")
    finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=at)
    return crawl


def _article(number: int, areas: int, articles: int) -> dict[str, Any]:
    at = UNTIL - _EVERY * (articles - number)
    return _values(random.Random(number), f"shire-{number % areas:02}", str(number), at)


def _values(random: random.Random, source: str, name: str, at: datetime) -> dict[str, Any]:
    title, body = f"{' '.join(random.choices(_WORDS, k=7)).capitalize()} {name}", story(random)
    return {"source_id": source, "name": name, "at": at, "title": title, "body": body, "kind": random.choice(_KINDS)}


def _insert(conn: sa.Connection, crawl: int, rows: list[dict[str, Any]]) -> None:
    first = (conn.scalar(sa.select(sa.func.max(ARTICLE.c.id))) or 0) + 1
    ids = range(first, first + len(rows))
    conn.execute(ARTICLE.insert(), [_article_row(id, row) for id, row in zip(ids, rows, strict=True)])
    conn.execute(VERSION.insert(), [_version_row(id, crawl, row) for id, row in zip(ids, rows, strict=True)])
    new = {"crawl_id": crawl, "version": 1, "change": "new", "minor": False, "fields": []}
    seen = timedelta(minutes=20)
    conn.execute(
        CHANGE.insert(), [{**new, "article_id": id, "at": row["at"] + seen} for id, row in zip(ids, rows, strict=True)]
    )


def _article_row(id: int, row: dict[str, Any]) -> dict[str, Any]:
    url = f"https://www.{row['source_id']}.example/news/{row['name']}"
    seen = row["at"] + timedelta(minutes=20)
    times = {"first_seen_at": seen, "last_seen_at": seen, "changed_at": seen, "published_at": row["at"]}
    said = {"id": id, "source_id": row["source_id"], "url": url, "address": url, "address_key": url, "version": 1}
    return {**said, **times, "published_precision": "minute", "sensitive": False, "reuse": 0}


def _version_row(id: int, crawl: int, row: dict[str, Any]) -> dict[str, Any]:
    hashed = content_hash(Words(row["title"], None, row["body"]))
    said = {name: row[name] for name in ("title", "body", "kind")} | {"description": "Officers ask for witnesses."}
    read = {"reader": "generic", "reader_version": 1, "entry": "", "content_hash": hashed, "record_hash": hashed}
    nothing = {"tags": [], "references": [], "operations": [], "meta": {}, "sensitive": False, "language": "en"}
    dates = {"published_at": row["at"], "published_precision": "minute", "seen_at": row["at"]}
    picture = f"https://www.{row['source_id']}.example/pictures/{row['name']}.jpg"
    about = {"article_id": id, "number": 1, "crawl_id": crawl, "normalisation": NORMALISATION, "image_url": picture}
    return {**about, **said, **read, **nothing, **dates}

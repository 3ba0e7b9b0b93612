"""Saving what a crawl read: article, version, change and validators of a batch in the caller's one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage import answers
from storage.changes import content_hash
from storage.chunks import chunks
from storage.known_articles import Key, seen
from storage.outcomes import Decision, Outcome, decide
from storage.places import Item, Place, places_of
from storage.records import Fetched
from storage.tables import ARTICLE, CHANGE, VERSION
from storage.text import storable
from storage.versions import COLUMNS, version_values, words_of

__all__ = ["Outcome", "save_articles"]

_SEEN_AGAIN = ARTICLE.update().where(ARTICLE.c.id == sa.bindparam("article")).values(last_seen_at=sa.bindparam("seen"))

_UPDATE_ARTICLE = (
    ARTICLE.update()
    .where(ARTICLE.c.id == sa.bindparam("row"))
    .values(
        {
            name: sa.bindparam(name)
            for name in ("version", "changed_at", "last_seen_at", "removed_at", "published_at", "published_precision")
        }
    )
)
_UPDATE_VERSION = (
    VERSION.update()
    .where(VERSION.c.id == sa.bindparam("row"))
    .values({column.name: sa.bindparam(column.name) for column in COLUMNS})
)


def save_articles(conn: Connection, crawl_id: int, items: Sequence[Item]) -> list[Outcome]:
    """Stores what was read, in order, and says what each item was. Nothing is committed here.

    Two items of one article are taken one after the other. `Fetched.url` is the URL that was asked for: its page is no
    longer pending, and gets the validators. A page of a stored article that answers from another address is that
    article still: its `url` stays, and it is told as moved beside whatever became of its text.
    """
    outcomes: dict[int, Outcome] = {}
    rest = list(enumerate(items))
    while rest:
        part, *others = chunks(rest)
        places, later = places_of(conn, part)
        outcomes |= _save(conn, crawl_id, places)
        rest = later + [item for other in others for item in other]
    return [outcomes[n] for n in range(len(items))]


def _save(conn: Connection, crawl_id: int, places: Sequence[Place]) -> dict[int, Outcome]:
    batch = [(place.key, (place.record, place.fetched)) for place in places]
    known = {place.key: place.known for place in places if place.known is not None}
    values = {key: version_values(record, fetched.entry) for key, (record, fetched) in batch}
    same = {key for key in known if _is_same(known[key], values[key])}
    for key, _ in batch:
        if key not in same:
            values[key]["content_hash"] = content_hash(words_of(values[key]))
    decisions = _decide(
        conn, [(known[key].id, values[key], item[1]) for key, item in batch if key in known and key not in same]
    )
    new = [(key, values[key], item[1]) for key, item in batch if key not in known]
    ids = {key: row.id for key, row in known.items()} | (_insert_new(conn, crawl_id, new) if new else {})
    again = [{"article": ids[key], "seen": item[1].at} for key, item in batch if key in same]
    if again:
        conn.execute(_SEEN_AGAIN, again)
    if moved := [place for place in places if place.moved]:
        _tell_moved(conn, crawl_id, moved)
    if decisions:
        _write(conn, crawl_id, decisions)
    answers.stored(conn, [(place.key[0], place.addresses, ids[place.key], place.fetched) for place in places])
    return {
        place.n: Outcome.UNCHANGED
        if place.key in same
        else decisions[ids[place.key]].outcome
        if place.key in known
        else Outcome.NEW
        for place in places
    }


def _tell_moved(conn: Connection, crawl_id: int, moved: Sequence[Place]) -> None:
    about = {"crawl_id": crawl_id, "change": "moved", "minor": False, "fields": ["url"]}
    conn.execute(
        CHANGE.insert(),
        [{**about, "article_id": p.known.id, "version": p.known.version, "at": p.fetched.at} for p in moved],
    )
    # The new address answered, too: a listing that shows it shows a known article.
    there = [(p.key[0], p.known.id, replace(p.fetched, url=storable(p.record.url))) for p in moved]
    answers.keep_answer(conn, "article", there)


def _is_same(row: Any, values: dict[str, Any]) -> bool:
    """Whether nothing at all differs, told without reading the stored text."""
    return (
        row.removed_at is None
        and row.record_hash == values["record_hash"]
        and row.normalisation == values["normalisation"]
        and row.reader == values["reader"]
        and row.reader_version == values["reader_version"]
        and row.entry == values["entry"]
    )


def _decide(conn: Connection, items: list[tuple[int, dict[str, Any], Fetched]]) -> dict[int, Decision]:
    if not items:
        return {}
    found = seen(conn, [article_id for article_id, _, _ in items])
    return {article_id: decide(found[article_id], values, fetched.at) for article_id, values, fetched in items}


def _insert_new(conn: Connection, crawl_id: int, new: list[tuple[Key, dict[str, Any], Fetched]]) -> dict[Key, int]:
    articles = [
        {
            "source_id": source,
            "url": url,
            "version": 1,
            "published_at": values["published_at"],
            "published_precision": values["published_precision"],
            "first_seen_at": fetched.at,
            "last_seen_at": fetched.at,
            "changed_at": fetched.at,
        }
        for (source, url), values, fetched in new
    ]
    rows = conn.execute(ARTICLE.insert().returning(ARTICLE.c.source_id, ARTICLE.c.url, ARTICLE.c.id), articles)
    ids = {(row.source_id, row.url): row.id for row in rows}
    about = [{"article_id": ids[key], "crawl_id": crawl_id} for key, _, _ in new]
    conn.execute(
        VERSION.insert(),
        [{**a, "number": 1, "seen_at": f.at, **values} for a, (_, values, f) in zip(about, new, strict=True)],
    )
    conn.execute(
        CHANGE.insert(),
        [
            {**a, "version": 1, "change": "new", "minor": False, "fields": [], "at": f.at}
            for a, (_, _, f) in zip(about, new, strict=True)
        ],
    )
    return ids


def _write(conn: Connection, crawl_id: int, decisions: dict[int, Decision]) -> None:
    made = decisions.items()
    conn.execute(_UPDATE_ARTICLE, [{**decision.article, "row": article_id} for article_id, decision in made])
    if kept := [{**decision.version, "row": decision.version_id} for _, decision in made if decision.version_id]:
        conn.execute(_UPDATE_VERSION, kept)
    if added := [(article_id, decision) for article_id, decision in made if not decision.version_id]:
        conn.execute(
            VERSION.insert(),
            [
                {
                    **decision.version,
                    "article_id": article_id,
                    "crawl_id": crawl_id,
                    "number": decision.article["version"],
                    "seen_at": decision.article["changed_at"],
                }
                for article_id, decision in added
            ],
        )
    if changes := [
        {**change, "article_id": article_id, "crawl_id": crawl_id}
        for article_id, decision in made
        for change in decision.changes
    ]:
        conn.execute(CHANGE.insert(), changes)

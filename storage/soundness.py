"""Whether a store is as it should be: the file, what refers to what, and the counts that must agree."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage import search_index
from storage.copying import damage_of
from storage.database import file_of, reading, writing
from storage.errors import StoreError, place

_RESTORE = "restore a backup: forcewire db restore FILE"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, in words, and what to do."""

    what: str
    do: str


# Each asks for rows that must not be there; {} of the sentence is how many there are. All numbers of a version are there from 1 on,
# or an address of an old one, as feeds have it, leads nowhere.
_NEVER = (
    ("{} of no version that is stored as their present one", "articles",
     "SELECT 1 FROM article a WHERE NOT EXISTS (SELECT 1 FROM version v WHERE v.article_id = a.id AND v.number = a.version)"),
    ("{} whose versions are not numbered from 1 without a gap", "articles",
     "SELECT 1 FROM version GROUP BY article_id HAVING min(number) <> 1 OR max(number) <> count(*)"),
    ("{} that have a version after their present one", "articles",
     "SELECT 1 FROM article a JOIN version v ON v.article_id = a.id GROUP BY a.id, a.version HAVING max(v.number) > a.version"),
    ("{} that tell of a version that is not stored", "changes",
     "SELECT 1 FROM change c WHERE NOT EXISTS (SELECT 1 FROM version v WHERE v.article_id = c.article_id AND v.number = c.version)"),
    ("{} that refer to a version before them that is not stored", "changes",
     "SELECT 1 FROM change c WHERE c.version_before IS NOT NULL AND NOT EXISTS"
     " (SELECT 1 FROM version v WHERE v.article_id = c.article_id AND v.number = c.version_before)"),
    ("{} without the change that says when they were new", "articles",
     "SELECT 1 FROM article a WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.article_id = a.id AND c.change = 'new')"),
    ("{} that are withheld otherwise than the log of suppressions says", "articles",
     "SELECT 1 FROM article a LEFT JOIN suppression s ON s.id ="
     " (SELECT max(l.id) FROM suppression l WHERE l.article_id = a.id)"
     " WHERE (a.suppressed_at IS NOT NULL) <> (coalesce(s.action, 'undo') = 'suppress')"),
)  # fmt: skip


def flaws(engine: Engine, *, quickly: bool = False) -> list[Flaw]:
    """What is wrong with a store of this revision; none where it is well. `quickly`: without reading every text for the index.
    Raises `StoreError` where it cannot be read at all.
    """
    found = _of_file(engine) if engine.dialect.name == "sqlite" else []
    if found:
        return found  # counts of a damaged file say nothing
    with reading(engine) as conn:
        found += [flaw for words, what, query in _NEVER if (flaw := _count(conn, words, what, query))]
    with reading(engine) if quickly else writing(engine) as conn:
        for sentence in search_index.check(conn, texts=not quickly):
            do = "forcewire db check --rebuild makes it anew" if "restore" not in sentence else _RESTORE
            found.append(Flaw(sentence, do))
    return found


def refuse_damaged(engine: Engine) -> None:
    """Raises `StoreError` where the file of a SQLite store is damaged: what went wrong with it is no fault of the program then."""
    if engine.dialect.name != "sqlite":
        return
    with reading(engine) as conn:
        raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        wrong = damage_of(raw)
    if wrong:
        raise StoreError(f"{place(engine)}: the file is damaged ({wrong}); {_RESTORE}")


def _count(conn: Connection, words: str, what: str, query: str) -> Flaw | None:
    number = conn.scalar(sa.text(f"SELECT count(*) FROM ({query}) AS wrong"))
    return Flaw(f"there are {words.format(f'{number} {what}')}", _RESTORE) if number else None


def _of_file(engine: Engine) -> list[Flaw]:
    with reading(engine) as conn:
        raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        wrong = damage_of(raw)
        mode = conn.exec_driver_sql("PRAGMA journal_mode").scalar()
    if wrong:
        return [
            Flaw(f"the file is damaged: {wrong}", f"{_RESTORE}; or save what can be read with: sqlite3 FILE .recover")
        ]
    if mode != "wal" and file_of(engine.url) is not None:
        return [
            Flaw(f"the file is in mode {mode}, in which who reads stops who writes", "run any crawl, which sets WAL")
        ]
    return []

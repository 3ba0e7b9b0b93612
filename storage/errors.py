"""What goes wrong with a store, told to a person in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine


class StoreError(Exception):
    """The store cannot be used. The message is one line: what, where, what to do."""


class DamagedError(sqlite3.DatabaseError):
    """A value that cannot be what was stored: raised where it is read, and told like a page that is damaged."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.sqlite_errorcode = sqlite3.SQLITE_CORRUPT


_TOLD = {
    sqlite3.SQLITE_FULL: "the disk is full; what was being stored is not stored, everything before it is; free some space and run again",
    sqlite3.SQLITE_BUSY: "another program keeps it locked; end that program, or wait, and run again",
    sqlite3.SQLITE_LOCKED: "another program keeps it locked; end that program, or wait, and run again",
    sqlite3.SQLITE_READONLY: "it cannot be written; give this user the right to write the file and its folder",
    sqlite3.SQLITE_PERM: "it cannot be written; give this user the right to write the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; give this user the right to read and write the file and its folder",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup, or save what can be read with: sqlite3 FILE .recover",
    sqlite3.SQLITE_NOTADB: "the file is no SQLite database; name another one with --database, or restore a backup",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written; look at the disk and the system's log",
}


def place(where: Engine | URL) -> str:
    """Where a store is, without its password: the file, or the URL."""
    url = where.url if isinstance(where, Engine) else where
    if url.get_backend_name() == "sqlite":
        return url.database or "the store in memory"
    return url.render_as_string(hide_password=True)


@contextmanager
def store_errors(where: Engine | URL | None = None) -> Iterator[None]:
    """Turns errors of the database that a person can do something about into `StoreError`; others pass."""
    try:
        yield
    except (sa.exc.DatabaseError, sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # A damaged schema makes a message that is no text.
        told = _TOLD[sqlite3.SQLITE_CORRUPT] if isinstance(error, UnicodeDecodeError) else _told(error)
        if told is None:
            raise
        raise StoreError(f"{place(where) if where is not None else 'the store'}: {told}") from error


def _told(error: sa.exc.DatabaseError | sqlite3.DatabaseError) -> str | None:
    # SQLAlchemy does not wrap what is raised while a connection is being set up.
    original = error.orig if isinstance(error, sa.exc.DatabaseError) else error
    if isinstance(original, sqlite3.DatabaseError):
        # The low byte is the kind; the rest says which of many ways it came about (https://sqlite.org/rescode.html).
        if "fts5" in str(original) or "vtable constructor failed: article_search" in str(original):
            return "the search index is damaged; forcewire db check --rebuild makes it anew, else restore a backup"
        if str(original).startswith("Could not decode to UTF-8"):  # the driver's own, without a code
            return _TOLD[sqlite3.SQLITE_CORRUPT]
        return _TOLD.get(getattr(original, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, sa.exc.OperationalError):
        first = str(original).strip().partition("\n")[0]
        return f"the database answers: {first}; check that it runs, and the URL"
    return None

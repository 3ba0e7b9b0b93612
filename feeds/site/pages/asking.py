"""What a page is asked with, what it answers, and how it refuses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from feeds.site.context import Site
from storage.kinds import NAMES

LONGEST_QUERY = 500  # characters of a search; more is no question that a person typed
_ID = re.compile(r"[1-9][0-9]{0,9}")
_LARGEST_ID = 2**31 - 1  # PostgreSQL fails where a number of a row is asked for that is larger
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent."""

    html: str
    status: int = 200
    media_type: str = "text/html; charset=utf-8"


class Refused(Exception):  # noqa: N818  # an answer, not an error
    """A page that cannot be given: an HTTP status, one sentence for a person, and paths of pages that may be meant."""

    def __init__(self, status: int, sentence: str, near: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.near = status, sentence, near


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to the site: a steady view of the store, the moment, and the query of the URL. `as_file`: the page will be a
    file, so it offers nothing that only a server can answer.
    """

    conn: sa.Connection
    site: Site
    now: datetime
    query: Mapping[str, str] = field(default_factory=dict)
    as_file: bool = False

    def text(self, name: str) -> str:
        """A text of the query in one line; '' where it is not given. Raises `Refused`."""
        value = " ".join(self.query.get(name, "").replace("\0", " ").split())
        if len(value) > LONGEST_QUERY:
            raise Refused(400, f"What is asked for in “{name}” is longer than {LONGEST_QUERY} characters.")
        return value

    def one_of(self, name: str, names: Collection[str]) -> str:
        """One of the names that the query may give, '' for none. Raises `Refused`."""
        value = self.text(name)
        if value and value not in names:
            raise Refused(400, f"“{_short(value)}” is no {name}. There are: {', '.join(names)}.")
        return value

    def kind(self) -> str:
        """A kind of story, '' for any. Raises `Refused`."""
        return self.one_of("kind", NAMES)

    def day(self, name: str) -> date | None:
        """A day of the query. Raises `Refused`."""
        value = self.text(name)
        if not value:
            return None
        try:
            # fromisoformat also takes weeks and days without hyphens, which the feeds' addresses do not.
            found = date.fromisoformat(value) if _DATE.fullmatch(value) else None
        except ValueError:
            found = None
        if found is None or not 1900 <= found.year <= 2200:
            raise Refused(400, f"“{_short(value)}” is no day for “{name}”. Write it as in 2026-01-31.")
        return found

    def number(self, name: str) -> int | None:
        """A number of the query. Raises `Refused`."""
        value = self.text(name)
        if not value:
            return None
        if not _is_id(value):
            raise Refused(400, f"“{_short(value)}” is no number for “{name}”.")
        return int(value)


def number_in_path(text: str, what: str) -> int:
    """An id or a version's number as a path has it. Raises `Refused`."""
    if not _is_id(text):
        raise Refused(404, f"“{_short(text)}” is no {what}: those are numbers from 1.")
    return int(text)


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text)) and int(text) <= _LARGEST_ID


def _short(value: str) -> str:
    return value if len(value) <= 60 else f"{value[:59]}…"

"""The URL grammar of the feeds: what a document is called, and what a search of one may ask.

    <scope>.<format>                    the newest articles; a scope is `all` or an area's slug, a format rss, atom or json
    <scope>/changes.<format>            edits, withdrawals, returns
    <scope>/<kind>.<format>             one kind of story
    <scope>/open.<format>               appeals that are open now
    <scope>/archive/<period>.<format>   a part of all there is (RFC 5005, 4); 2026-10 of an area, 2026-10-05 of all; _2 for a second part
    feeds.opml                          the list of all

Names are paths below feeds/; only `feeds.opml` lies beside that folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Self

from feeds.queries import BadQuery, FeedQuery
from storage.kinds import NAMES

__all__ = ["ALL", "ARCHIVE", "CHANGES", "KINDS", "MEDIA_TYPES", "OPEN", "OPML", "OPML_TYPE"]
__all__ += ["BadQuery", "FeedName", "FeedQuery", "UnknownFeed", "near", "path_of"]

ALL = "all"
CHANGES = "changes"
OPEN = "open"
ARCHIVE = "archive"
OPML = "feeds.opml"
KINDS = tuple(NAMES)
MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
OPML_TYPE = "text/x-opml"

_NAME = re.compile(r"([a-z0-9-]+)(?:/([a-z]+|archive/[0-9_-]+))?\.([a-z]+)")
_PERIOD = re.compile(r"(\d{4}-\d\d(?:-\d\d)?)(?:_([1-9]\d{0,3}))?")
_NEAR = 3


class UnknownFeed(Exception):  # noqa: N818  # what it says, not that it is an error
    """There is no such document. One line; `near` are names that may have been meant."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        shown = name if len(name) <= 100 else f"{name[:100]}…"
        said = f"; did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"there is no feed {shown!r}{said}")
        self.name, self.near = name, tuple(near)


@dataclass(frozen=True, slots=True)
class FeedName:
    """A document's name in its parts. `selection` is '' for the articles of a scope, else changes, open, a kind or archive;
    `period` is an archive's, `part` which part of it, from 1."""

    scope: str
    selection: str
    format: str
    period: str = ""
    part: int = 1

    @classmethod
    def parse(cls, name: str) -> Self:
        """Raises `UnknownFeed` for what the grammar has no place for."""
        found = _NAME.fullmatch(name)
        scope, selection, ending = found.groups() if found else ("", "", "")
        if not found or ending not in MEDIA_TYPES:
            raise UnknownFeed(name)
        if selection and selection.startswith(f"{ARCHIVE}/"):
            period = _PERIOD.fullmatch(selection.partition("/")[2])
            if not period or period[2] == "1":
                raise UnknownFeed(name)
            return cls(scope, ARCHIVE, ending, period[1], int(period[2] or 1))
        if selection and selection not in (CHANGES, OPEN, *KINDS):
            raise UnknownFeed(name, [f"{scope}/{each}.{ending}" for each in near(selection, (CHANGES, OPEN, *KINDS))])
        return cls(scope, selection or "", ending)

    @property
    def stem(self) -> str:
        """The name without the ending: what its formats share."""
        if self.selection == ARCHIVE:
            return f"{self.scope}/{ARCHIVE}/{self.period}{f'_{self.part}' if self.part > 1 else ''}"
        return f"{self.scope}/{self.selection}" if self.selection else self.scope

    def __str__(self) -> str:
        return f"{self.stem}.{self.format}"

    def archive(self, period: str, part: int = 1) -> FeedName:
        """The name of an archive document of the same scope, in the same format."""
        return replace(self, selection=ARCHIVE, period=period, part=part)


def near(word: str, words: Iterable[str]) -> list[str]:
    """Words that may have been meant, the nearest first."""
    return get_close_matches(word[:100].lower(), list(words), n=_NEAR, cutoff=0.6)


def path_of(name: str) -> str:
    """Where a document lies below the base URL, or below the folder that is published."""
    return name if name == OPML else f"feeds/{name}"

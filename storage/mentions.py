"""Which kept pages of a source show another article of it: by its headline, in a box of related news or a listing, or by a link to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from urllib.parse import quote, unquote, urlsplit

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.kept_pages import unpacked
from storage.tables import ARTICLE, KEPT_PAGE, PAGE, VERSION

_AT_ONCE = 20  # pages in memory, of ten megabytes at most
_FEW = 50  # words are sooner looked for one by one than a page is taken apart
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = r"(?:[^\w<>]|_|<[^<>]*+>)++"  # what may stand between two words of a headline: a stop, a blank, a tag
_UNSEEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
_JSON = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([nrt/]))")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)

Look = tuple[int, datetime]  # a kept page and when it was fetched: one of that id may be replaced


@dataclass(slots=True)
class Traces:
    """What gives articles away, by a word that stands in each of it: of thousands of articles few are looked for on a page."""

    patterns: dict[str, set[str]] = field(default_factory=dict)

    def add_headline(self, headline: str) -> None:
        """One word alone ("Update") gives nothing away. Headlines that a site cuts short are links."""
        words = _WORD.findall(_folded(headline))
        if len(words) > 1:
            self._add(words, _BETWEEN.join(words))

    def add_address(self, url: str) -> None:
        """The path with its query, from whatever host; and the name at its end where that has two words, for links from beside it."""
        parts = urlsplit(url)
        path = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
        name = parts.path.rstrip("/").rpartition("/")[2]
        plain = unquote(name)
        for given in (path, name) if len(re.findall(r"[^\W\d_]{2,}", plain)) > 1 else (path,):
            for written in {given, unquote(given), quote(unquote(given), safe="/?=&+:,;@!$'()*~")}:
                folded = _folded(written)
                if words := _WORD.findall(folded):
                    self._add(words, re.escape(folded))

    def _add(self, words: Sequence[str], pattern: str) -> None:
        self.patterns.setdefault(max(words, key=len), set()).add(pattern + r"(?![\w-])")

    def are_in(self, text: str) -> bool:
        """Whether one of them stands in what a server sent, whatever marks, tags and entities it is written with."""
        folded = _folded(text)
        there = folded if len(self.patterns) <= _FEW else set(_WORD.findall(folded))
        return any(re.search(each, folded) for word in self.patterns if word in there for each in self.patterns[word])


def traces_of(conn: Connection, ids: Sequence[int]) -> dict[str, Traces]:
    """By source: the headlines that these articles ever had, as their pages and a listing showed them, and their addresses."""
    found: dict[str, Traces] = {}
    for part in chunks(ids):
        these = ARTICLE.c.id.in_(part)
        for source, *addresses in conn.execute(
            sa.select(ARTICLE.c.source_id, ARTICLE.c.url, ARTICLE.c.address).where(these)
        ):
            for url in set(addresses):
                found.setdefault(source, Traces()).add_address(url)
        of_pages = sa.select(PAGE.c.source_id, PAGE.c.url, PAGE.c.listed_title).where(PAGE.c.article_id.in_(part))
        for source, url, title in conn.execute(of_pages):
            found.setdefault(source, Traces()).add_address(url)
            found[source].add_headline(title or "")
        titles = sa.select(ARTICLE.c.source_id, VERSION.c.title).join(VERSION, VERSION.c.article_id == ARTICLE.c.id)
        for source, title in conn.execute(titles.where(these).distinct()):
            found[source].add_headline(title)
    return found


def looks(conn: Connection, source_id: str) -> list[Look]:
    """All kept pages of a source."""
    kept = sa.select(KEPT_PAGE.c.id, KEPT_PAGE.c.fetched_at).where(KEPT_PAGE.c.source_id == source_id)
    return [(row[0], row[1]) for row in conn.execute(kept.order_by(KEPT_PAGE.c.id))]


def showing(conn: Connection, pages: Sequence[Look], traces: Traces) -> Iterator[int]:
    """The ids of those of these pages that show what `traces` are of. A few are in memory at a time."""
    for part in chunks(pages, _AT_ONCE):
        chosen = KEPT_PAGE.c.id.in_([look[0] for look in part])
        for row in conn.execute(sa.select(KEPT_PAGE.c.id, KEPT_PAGE.c.content_type, KEPT_PAGE.c.body).where(chosen)):
            if traces.are_in(_decoded(unpacked(row.body), row.content_type)):
                yield row.id


def _decoded(body: bytes, content_type: str | None) -> str:
    declared = _CHARSET.search(content_type or "")
    for charset in (declared[1] if declared else "utf-8", "utf-8"):
        try:
            return body.decode(charset)
        except (LookupError, UnicodeError):
            continue
    return body.decode("cp1252", "replace")


def _folded(text: str) -> str:
    """In small letters without accents and what nobody sees, entities (also those of a text within a text) and JSON's escapes undone."""
    if "\\" in text:
        text = _JSON.sub(lambda found: chr(int(found[1], 16)) if found[1] else "/" if found[2] == "/" else " ", text)
    for _ in range(2):
        if "&" in text:
            text = unescape(text)
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKD", text))
    return text.casefold()

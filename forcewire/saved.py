"""Saved pages: a file's bytes as the response they came in, and the reader that fits their address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse, Response, TextResponse, XmlResponse

from crawler.entries import SourceEntry, owner_of
from crawler.meaning import describe
from crawler.readers import READERS, canonical_reader_name, make_reader
from crawler.readers.base import Reader
from crawler.readers.generic import GenericReader
from crawler.selectors import ReadError
from crawler.urls import canonical
from storage.records import Record

LARGEST = 10 * 2**20  # bytes; a crawl reads no larger page either
_XML = re.compile(rb"\s*(<\?xml\b(?![^>]*>\s*<(!doctype\s+)?html)|<(rss|feed|rdf:rdf|urlset)\b)", re.IGNORECASE)
_BINARY = (b"%PDF", b"\x1f\x8b", b"PK\x03\x04")
_BOMS = (b"\xff\xfe", b"\xfe\xff")


class SavedPageError(Exception):
    """A saved page that could not be read: no such file, no such reader, or no article. The message says which."""


class UnreadError(SavedPageError):
    """A page that is no article, or whose story was not found."""


class SavedPages:
    """Reads saved pages with one reader object for each source, however many pages there are."""

    def __init__(self, entries: Mapping[str, SourceEntry]) -> None:
        self._entries = entries
        self._by_site: dict[str, SourceEntry] = {}
        self._readers: dict[tuple[str, str], Reader] = {}

    def read(self, body: bytes, url: str, reader_name: str | None = None) -> Record:
        """The record of a page. Raises `SavedPageError`."""
        entry = self._entry(url)
        reader = self._reader(entry, reader_name)
        try:
            return describe(reader.article(as_response(body, canonical(url, entry) or url)))
        except ReadError as error:
            raise UnreadError(str(error)) from error
        except Exception as error:
            raise SavedPageError(
                f"the reader {reader.name} failed at {url}: {type(error).__name__}: {error}"
            ) from error

    def published(self, body: bytes, url: str) -> dict[str, Any]:
        """The fields of a record that say when a page was published, for a page that could not be read whole; none without."""
        try:
            entry = self._entry(url)
            found = GenericReader(entry).published(as_response(body, canonical(url, entry) or url))
        except (SavedPageError, ReadError):
            return {}
        if found.at is None:
            return {}
        return {
            "published_at": found.at,
            "published_precision": found.precision,
            "published_raw": found.raw,
            "published_from": found.source,
        }

    def _entry(self, url: str) -> SourceEntry:
        """The entry that owns the URL, else a plain one made for its host."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise SavedPageError(f"{url!r} is no http address")
        if refused := next((entry for entry in self._entries.values() if entry.refuses(url)), None):
            raise SavedPageError(f"{url}: {refused.id} refuses this host: what it shows is not meant for readers")
        if owner := owner_of(url, self._entries.values()):
            return owner
        site = f"{parts.scheme}://{parts.netloc.lower()}"
        if site not in self._by_site:
            self._by_site[site] = plain_entry(site)
        return self._by_site[site]

    def _reader(self, entry: SourceEntry, name: str | None) -> Reader:
        name = canonical_reader_name(name) if name else entry.reader
        if name not in READERS:
            raise SavedPageError(f"no reader is called {name!r}; there are {', '.join(sorted(READERS))}")
        if (entry.id, name) not in self._readers:
            self._readers[entry.id, name] = make_reader(entry, name)
        return self._readers[entry.id, name]


def plain_entry(site: str) -> SourceEntry:
    """An entry for a site that has none: its host is its name. Raises `SavedPageError` for a host nobody could have."""
    parts = urlsplit(site)
    host = parts.hostname or ""
    name = f"[{host}]" if ":" in host else host
    try:
        return SourceEntry.model_validate(
            {
                "id": re.sub(r"[^a-z0-9]+", "-", host).strip("-") or "site",
                "name": host,
                "force": host,
                "area": host,
                "reader": "generic",
                "hosts": (name,),
                "listing": ({"kind": "html", "url": f"https://{name}/"},),
                "interval": "1d",
                "assertions": {"min": {"links": 1}, "fill": {}},
            }
        )
    except ValueError as error:
        raise SavedPageError(f"{host!r} is no host name") from error


def as_response(body: bytes, url: str) -> Response:
    """Bytes as a response, its kind told from how they begin: a saved page keeps no Content-Type."""
    head = body[:1024]
    if head.startswith(_BINARY) or (b"\0" in head and not head.startswith(_BOMS)):
        return Response(url, body=body)
    start = head.removeprefix(b"\xef\xbb\xbf")
    if start.lstrip()[:1] in (b"{", b"["):
        return TextResponse(url, body=body, encoding="utf-8")
    return (XmlResponse if _XML.match(start) else HtmlResponse)(url, body=body)


def page_bytes(path: Path) -> bytes:
    """A saved page's bytes. Raises `SavedPageError` where it cannot be opened or is larger than a crawl would read."""
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise SavedPageError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if len(body) > LARGEST:
        raise SavedPageError(f"{path}: larger than {LARGEST // 2**20} MiB, which no crawl reads")
    return body

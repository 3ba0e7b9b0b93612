"""What else reads bytes that others wrote, beside one reader at a time: each target takes any bytes, and raises what no input may raise."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha1
from pathlib import Path
from urllib.parse import parse_qsl

from scrapy.http import Response

from bench.fuzzing import FEEDS, PIECES, Reading, own_entry, seeds, trouble
from crawler import dates
from crawler.entries import SourceError, load_entry
from crawler.readers import READERS, make_reader
from crawler.selectors import ReadError
from crawler.urls import canonical
from feeds.queries import BadQuery, FeedQuery
from forcewire.importing.deriving import derived
from forcewire.importing.given import Given
from forcewire.importing.reading import NoArchiveError, given
from forcewire.settings.reading import read
from forcewire.settings.shown import rows
from forcewire.settings.sources import with_settings
from forcewire.settings.values import SettingError

PAGES = Path(__file__).parent.parent / "tests" / "pages"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Target:
    """`take` is given any bytes. `seeds`: inputs it understands; `pieces`: what they are broken with."""

    take: Callable[[bytes], object]
    seeds: Sequence[bytes]
    pieces: Sequence[bytes] = ()

    def trouble(self, data: bytes) -> str | None:
        """What went wrong, None where nothing did."""
        return trouble(self.take, data)


def make_target(name: str) -> Target:
    """A target by its name: one of `TARGETS`, or a reader. Raises `KeyError`."""
    if name in TARGETS:
        return TARGETS[name]()
    READERS[name]
    return Target(Reading(name).take, seeds(PAGES), PIECES)


def _any_reader() -> Target:
    """All readers in turn, the bytes say which."""
    every = [Reading(name) for name in READERS]

    def take(data: bytes) -> None:
        every[(sum(data[-64:]) + len(data)) % len(every)].take(data)

    return Target(take, seeds(PAGES), PIECES)


_DATES = [
    "Posted at 14:23 on 31st December 2020", "27 March 2021", "2021-03-27T15:59:00Z", "Sun, 21 Jun 2026 12:15:00 +0100", "7 Tachwedd 2017", "31/12/2020 - 9.15pm", "Monday 3 May", "12 Mai 2026 um 9 Uhr", "Published: 1 May 2020 | Updated: 2 May 2020",
    "1616860740", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "20260102T030405Z", "March 2021", "today at 5pm",
]  # fmt: skip
_DATE_PIECES = [*b"1|31|29 Feb|99|0|/|-|.|:|T|Z|+23:59|-14:00|st|th|am|pm|9999|0000|1900|May|Mai|Hydref|Monday|at|on|noon|midnight|Published|Updated:|GMT|BST|,| |\n".split(b"|"), "٣".encode(), "²".encode(), "\u00a0".encode(), "–".encode(), b"1" * 500, b"1/" * 300, b" " * 900]  # fmt: skip


def _dates() -> Target:
    def take(data: bytes) -> None:
        text = data.decode("utf-8", "surrogatepass" if len(data) % 5 == 0 else "replace")
        for month_first in (False, True):
            for found in (dates.find(text, month_first=month_first), dates.date_line(text, month_first=month_first)):
                if found is not None:
                    assert found.utc.tzinfo is UTC
                    assert found.precision
            if (stated := dates.stamp(text, month_first=month_first)) is not None:
                assert stated.utc.tzinfo is UTC
                dates.own_day(stated)
                dates.abroad(stated)
        dates.label_of(text)
        dates.one_spaced(text)
        if (found_day := dates.yearless(text)) is not None:
            found_day.near(date(2020, 2, 29))

    return Target(_ignoring(take, UnicodeDecodeError), [text.encode() for text in _DATES], _DATE_PIECES)


def _listing(kinds: Sequence[str], readers: Sequence[str], shown: Sequence[bytes]) -> Target:
    made = [make_reader(own_entry(name)) for name in readers]
    headers = [{}, {"Content-Type": "text/xml; charset=utf-7"}, {"Content-Type": "application/json; charset=utf-16"}]

    def take(data: bytes) -> None:
        turn = sum(data[:64]) + len(data)
        url = f"https://www.ravenquay.example/news/{'?paged=9' if turn % 2 else ''}"
        found = made[turn % len(made)].listing(
            Response(url, body=data, headers=headers[turn % len(headers)]), kinds[turn % len(kinds)]
        )
        for link in found.links:
            f"{link.url} {link.title} {link.published_raw}".encode()
        for other in (*found.parts, found.next_url or ""):
            canonical(other, own_entry("generic"), base=url)

    return Target(_ignoring(take, ReadError), shown, PIECES)


_ENTRY = """name = "Ravenquay Police"
force = "Ravenquay Police"
area = "Ravenquay"
reader = "generic"
hosts = ["www.ravenquay.example", "www.ravenquay.example/news"]
listing = [{ kind = "rss", url = "https://www.ravenquay.example/news/rss" }]
interval = "15m"
articles = ["^/news/[^/]+$"]
title_suffixes = [" | Ravenquay Police"]
furniture = ["^Share this$"]
[assertions.min]
links = 1
[assertions.fill]
published_at = 0.5
[known]
article = "page"
"""
_TOML_PIECES = [*b"[|]|{|}|=|\"|'|'''|\"\"\"|\n|#|1e999|-1|0|9999999999999999999999|true|[[listing]]|[known]\n|interval = |hosts = [|\"http://127.0.0.1/\"|\"file:///etc/passwd\"|\"(((((a+)+)+)+\"|\"\\\\\"|\\u0000|\\uD800|2026-01-01T00:00:00Z|nan|inf|\"h/../x\"|\"https://[\"|id = \"x\"|refused_hosts = [|max_pages = |language = ".split(b"|"), b"[" * 2000, b"a." * 1000, b"\x00", b"\xff"]  # fmt: skip


def _entry() -> Target:
    file = Path(_folder()) / "ravenquay.toml"

    def take(data: bytes) -> None:
        file.write_bytes(data)
        found = load_entry(file)
        make_reader(found)
        canonical("/news/a?b#c", found, base=found.listing[0].url)
        assert found.digest
        assert found.owns(found.listing[0].url)

    return Target(_ignoring(take, SourceError), [_ENTRY.encode()], _TOML_PIECES)


_SETTING_PIECES = [*_TOML_PIECES, *b"[source.ravenquay]\n|[source]\n|source = |crawl_time = |\"30m\"|\"1GB\"|\"never\"|smtp = |\"smtps://u:p@h:1\"|\"smtp://[\"|alert_apprise = [|port = |70000|hub = |sources = |\"/\\u0000\"|enabled = |interval = \"1h\"|hours = [|\"25:00-99\"".split(b"|")]  # fmt: skip


def _settings() -> Target:
    file, known = Path(_folder()) / "forcewire.toml", {"ravenquay": own_entry("generic")}

    def take(data: bytes) -> None:
        file.write_bytes(data)
        try:
            found = read({}, file)
            with_settings(known, found)
        except SettingError as error:
            str(error).encode()
            return
        assert all(row.key for row in rows(found))

    given = b'contact = "desk@ravenquay.example"\nbase_url = "https://ravenquay.example"\ncrawl_time = "30m"\ncrawl_memory = "1GB"\nport = 8000\n# more\nalert_apprise = ["json://h"]\n[source.ravenquay]\nenabled = true\ninterval = "1h"\nmax_pages = 50\n'
    return Target(take, [given], _SETTING_PIECES)


_SEARCHES = [b"lamp post", b'"stolen van" area:Ravenquay kind:missing,appeal since:2026-01 until:2026-02-03', b"ref:46/164171/20 crime 12/34567/24", b"burgl* AND O'Neil", b"q=lamp&kind=missing&since=2026-01-31&until=2026-02-01T09:00:00Z&page=2"]  # fmt: skip
_SEARCH_PIECES = [*b"\"|*|(|)|^|:|-|AND|OR|NOT|NEAR(|title:|'|';--|area:|kind:|since:|until:|ref:|{|}|<->|&|!|:*|%|=|+|page=|q=|kind=|since=|9999-12-31|0000|2026-02-30|%00|%ff|utm_x=".split(b"|"), "½".encode(), "ﬁ".encode(), "\u0301".encode(), "İ".encode(), "😀".encode(), b"\x00", b"x" * 300, b"1 2/" * 90, b'"' * 50]  # fmt: skip


def _query() -> Target:
    """A search is also put to a store: what the parser lets through must be no syntax to it either."""
    from storage.database import open_store, reading
    from storage.search import search

    store = open_store(f"sqlite:///{_folder()}/store.db")

    def take(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        with reading(store) as conn:
            search(conn, text)
        try:
            found = FeedQuery.parse(parse_qsl(text, keep_blank_values=True))
        except BadQuery:
            return
        again = FeedQuery.parse(found.asked)
        assert again.asked == found.asked

    return Target(take, _SEARCHES, _SEARCH_PIECES)


_URL = "https://www.ravenquay.example/news/2020/july/robbery"
_FILE = f"```yaml\narea: Ravenquay\nog:\n  description: A man was robbed &amp; hurt.\n  title: 'Man robbed'\npublish:\n  date: Posted at 09:48 on 12th August 2020\ntitle: Man robbed | Ravenquay Police\nurl: {_URL}\n```\n\nA man was robbed of his watch.\n\nCall 101 quoting **log 0317 of 2 July**.\n\n  * a blue coat\n"
_PATH = f"news/ravenquay/{sha1(_URL.encode()).hexdigest()}.md"
_ROW = json.dumps({"path": _PATH, "first_seen": "2021-03-27T00:39:04+00:00", "text": _FILE}).encode() + b"\n"
_ARCHIVE_PIECES = [*b"```yaml\n|\n```\n\n|area: |url: |title: |&a [*a,*a]|*a|!!python/object:os.system|!!binary |<<: |? |- |: |  |'|\"|\\x00|\\uD800|0x|1:1:1:1|.inf|2020-99-99|2020-01-01T00:00:00+99:00|%YAML 1.1|--- |...|{|}|{\"path\": |\"seen\": |\"action\": \"M\"|../|null".split(b"|"), b"[" * 800, b"{a: " * 100, b"9" * 800, b"_" * 900, b"[email protected]", b"a@" * 300, b"\x1f\x8b", b"\xff", b"\x00"]  # fmt: skip


def _archive() -> Target:
    entries, folder = {"Ravenquay": own_entry("generic")}, Path(_folder())
    rows = folder / "rows.jsonl"

    def take(data: bytes) -> None:
        if data[:1] not in (b"{", b"\x1f"):
            one = Given(_PATH, _PATH, data, NOW, True)
            derived(one, "digest", entries)
            return
        rows.write_bytes(data)
        for each in given(rows, NOW):
            if isinstance(each, Given):
                derived(each, "digest", entries)

    history = _ROW.replace(b'"first_seen"', b'"action": "M", "seen"')
    return Target(
        _ignoring(take, NoArchiveError),
        [_FILE.encode(), _ROW, history, _ROW * 3, gzip.compress(_ROW, mtime=0)],
        _ARCHIVE_PIECES,
    )


def _ignoring(take: Callable[[bytes], object], *told: type[Exception]) -> Callable[[bytes], None]:
    """With the errors that are the answer to bad input."""

    def taken(data: bytes) -> None:
        with suppress(*told):
            take(data)

    return taken


@cache
def _folder() -> str:
    return tempfile.mkdtemp(prefix="forcewire-fuzz-")


TARGETS: dict[str, Callable[[], Target]] = {
    "readers": _any_reader,
    "dates": _dates,
    "feed": lambda: _listing(("rss", "atom", "api"), ("generic", "wordpress", "govuk", "mynewsdesk"), FEEDS),
    "sitemap": lambda: _listing(("sitemap",), ("generic", "drupal"), [*FEEDS[2:4], gzip.compress(FEEDS[2], mtime=0)]),
    "entry": _entry,
    "settings": _settings,
    "query": _query,
    "archive": _archive,
}

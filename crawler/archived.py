"""An archive file as a record: its keys stand for the head of a page, its Markdown for the page's text, and the same rules read both."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from crawler import dates
from crawler.archive_block import ArchiveError, flat, parsed
from crawler.dates import PrintedDate
from crawler.entries import SourceEntry
from crawler.markdown import Block
from crawler.markdown.protected import UNKNOWN
from crawler.meaning import describe
from crawler.meaning.plain import plain
from crawler.readers import make_reader
from crawler.readers.generic import GenericReader
from crawler.readers.headline import choose
from crawler.readers.page import Page
from crawler.readers.published import from_url
from crawler.readers.story import Story, StoryReader
from crawler.urls import canonical
from storage.records import Record

READER = "archive"
VERSION = 1
# What the archive's own programs read off a page: no meta tags, and the printed date among them is no machine's.
_READ_OFF = ("publish:", "incident:", "day", "month", "time", "position", "area", "url", "title")
_LINE = re.compile(
    r"(?P<quote>(?:> ?)*)(?P<indent> *)(?:(?P<level>#{1,6}) +|(?P<marker>[*+-] +|\d{1,3}\. +))?(?P<text>.*)"
)
# An address that was hidden from harvesters, with the letters of it that were left over: other ones at each visit.
_HIDDEN_MAIL = re.compile(r"(?:(?<![\w.+-])[\w.+-]++)?\[email\s+protected\](?:[\w-]++(?:\.[\w-]++)*+|(?:\.[\w-]++)++)?")
_LONGEST_URL = 2000  # characters; whoever guesses what is missing in one tries thousands of spellings
_NOWHERE = etree.Element("body")


def archived_record(text: str, entry: SourceEntry) -> Record:
    """The normalised record of one archive file's text. Raises `ArchiveError`."""
    block, body = parsed(text)
    keys = dict(flat(block, ""))
    stated = keys.get("url")
    if not stated:
        raise ArchiveError("no url among its keys")
    if len(stated) > _LONGEST_URL:
        raise ArchiveError(f"a url of {len(stated):,} characters; the longest that is read has {_LONGEST_URL:,}")
    url = canonical(stated, entry)
    if url is None:
        raise ArchiveError(f"{stated[:200]} is on no host of {entry.id} ({', '.join(entry.hosts)})")
    page = _page(keys, url)
    reader = _reader(entry)
    head = choose(page, (), entry.title_prefixes, entry.title_suffixes, reader.names(page))
    if head is None:
        raise ArchiveError("no title among its keys")
    story, kept = _story(body, head.text, reader)
    story.blocks = []  # the lines are kept as they stand
    if (printed := _printed(keys, url)) is not None:
        story.printed, story.printed_in = printed, "page"
    record = reader.record(page, head, story, None)
    record.body = _HIDDEN_MAIL.sub(UNKNOWN, kept) if "protected]" in kept else kept
    record.meta = keys
    record.reader, record.reader_version = READER, VERSION
    return describe(record)


# By the entry's identity, with the entry, so that no other object can have it: hashing one costs more than reading its name.
_READERS: dict[int, tuple[SourceEntry, GenericReader]] = {}
_MOST_READERS = 256


def _reader(entry: SourceEntry) -> GenericReader:
    """One reader a source: what it compiles is compiled once."""
    if id(entry) not in _READERS:
        made = make_reader(entry)
        assert isinstance(made, GenericReader)
        if len(_READERS) >= _MOST_READERS:
            _READERS.clear()
        _READERS[id(entry)] = entry, made
    return _READERS[id(entry)][1]


def _page(keys: Mapping[str, str], url: str) -> Page:
    meta = {name: value for name, value in keys.items() if not name.startswith(_READ_OFF)}
    return Page(url, _NOWHERE, url, keys.get("title") or "", meta=meta)


def _printed(keys: Mapping[str, str], url: str) -> PrintedDate | None:
    """The date that was read off the page: in one piece, or in parts whose year only the address knows."""
    if stated := keys.get("publish:date"):
        return dates.date_line(stated) or dates.find(stated)
    if "day" in keys and "month" in keys and (at := from_url(url).at) is not None:
        return dates.find(f"{keys['day']} {keys['month']} {at.year} {keys.get('time', '')}")
    return None


def _story(body: str, title: str, reader: GenericReader) -> tuple[Story, str]:
    """What the lines say, and the story's own lines as they stand."""
    lines = body.split("\n")
    words = plain(body).split("\n")
    places: dict[int, int] = {}
    blocks = []
    for n, line in enumerate(lines):
        if line and not line.isspace():
            # `plain` leaves addresses out, and a line of nothing else would say nothing.
            shown = words[n] if len(words) == len(lines) and "http" not in line and "www." not in line else line
            blocks.append(_block(line, shown))
            places[id(blocks[-1])] = n
    story = StoryReader(title, reader.extra, _everywhere).read(blocks, None)
    out: list[str] = []
    before = None
    for block in story.blocks:
        place = places[id(block)]
        if before is not None:
            out.append("\n" if place == before + 1 else "\n\n")
        out.append(lines[place])
        before = place
    return story, "".join(out) + "\n" if out else ""


def _everywhere(element: object) -> bool:
    return True


def _block(line: str, words: str) -> Block:
    if line[0].isalpha():  # a paragraph, as most are
        return Block(line.rstrip(), words.strip(), _NOWHERE)
    found = _LINE.match(line)
    assert found is not None
    marker = found["marker"] or ""
    if line.strip() == "* * *":
        return Block("* * *", "", _NOWHERE)
    level = len(found["level"] or "")
    shown = _LINE.match(words)
    assert shown is not None
    return Block(
        found["text"].rstrip(), shown["text"].strip(), _NOWHERE, level=level, marker=marker, prefix=" " * len(marker)
    )

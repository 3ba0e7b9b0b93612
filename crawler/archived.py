"""An archive file as a record: its keys stand for the head of a page, its Markdown for the page's text, and the same rules read both."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from lxml import etree

from crawler import dates
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

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

READER = "archive"
VERSION = 1
_HEAD = "```yaml\n"
_FENCE = "\n```\n\n"
# Names that a page spells with an underscore; the archive split them there.
_UNDERSCORES = {
    "article:published:time": "article:published_time",
    "article:modified:time": "article:modified_time",
    "og:updated:time": "og:updated_time",
    "og:site:name": "og:site_name",
}
# What the archive's own programs read off a page: no meta tags, and the printed date among them is no machine's.
_READ_OFF = ("publish:", "incident:", "day", "month", "time", "position", "area", "url", "title")
_KEY = re.compile(r"((?:  )*)([a-z]+):(?: (\S(?:.*\S)?))?")
# Begins with a letter, or as dates do that YAML has no type for: "19 Oct 2018", "15:08 13/03/2020", "2020-08-12T08:48+00:00".
_PLAIN = re.compile(
    r"(?:[A-Za-z(£]|\d\d? [A-Za-z]|\d\d:\d\d \d\d/|\d{4}-\d\d-\d\dT\d\d:\d\d(?=[+-]))[ -~£–’‘“”]*(?<!:)"
)
_QUOTED = re.compile(r"'[ -&(-~]*'")
_DOUBLE_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\(?:["\\nrt/]|u[0-9A-F]{4}|x[0-9A-F]{2}))*"')
_BYTE = re.compile(r"((?<!\\)(?:\\\\)*)\\x")
_HALF = re.compile("[\ud800-\udfff]")
_WORDS = frozenset("true false yes no on off null y n ~".split())
_LINE = re.compile(
    r"(?P<quote>(?:> ?)*)(?P<indent> *)(?:(?P<level>#{1,6}) +|(?P<marker>[*+-] +|\d{1,3}\. +))?(?P<text>.*)"
)
# An address that was hidden from harvesters, with the letters of it that were left over: other ones at each visit.
_HIDDEN_MAIL = re.compile(r"(?:(?<![\w.+-])[\w.+-]++)?\[email\s+protected\](?:[\w-]++(?:\.[\w-]++)*+|(?:\.[\w-]++)++)?")
_NOWHERE = etree.Element("body")


class ArchiveError(Exception):
    """A text that is no archive record of its source; the message says why in one line."""


def parsed(text: str) -> tuple[dict[str, Any], str]:
    """The block of keys and the Markdown body. Raises `ArchiveError`."""
    head, fence, body = text.partition(_FENCE)
    if not head.startswith(_HEAD) or not fence:
        raise ArchiveError(
            "no block of YAML between ```yaml and ``` with an empty line after it: cut, or no archive file"
        )
    if (keys := plain_block(head[len(_HEAD) :])) is not None:
        block: Any = keys
    else:
        block = _loaded(head[len(_HEAD) :])
    if not isinstance(block, dict):
        raise ArchiveError("its YAML is no block of keys")
    if not body.strip():
        raise ArchiveError("no body below the block")
    return block, body


def _loaded(head: str) -> Any:
    try:
        # An archive has none; a few lines of them can name each other a thousand million times, or themselves.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(head, Loader)):
            raise ArchiveError("no readable YAML: an alias (*)")
        return yaml.load(head, Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ArchiveError(f"no readable YAML: {' '.join(str(error).split())[:120]}") from error


def plain_block(head: str) -> dict[str, Any] | None:
    """A block of simple lines as YAML reads it, in a twentieth of its time; None for any other, which YAML itself has to read.

    Simple: keys of letters, each with a plain text that YAML can only read as a text, one in quotes without a quote or
    backslash in it, one in double quotes with JSON's escapes, or deeper lines below it.
    """
    top: dict[str, Any] = {}
    open_blocks = [top]
    for line in head.split("\n"):
        found = _KEY.fullmatch(line)
        if found is None:
            return None
        depth, odd = divmod(len(found[1]), 2)
        if odd or depth >= len(open_blocks) or found[2] in open_blocks[depth]:
            return None
        del open_blocks[depth + 1 :]
        if found[3] is None:
            inner: dict[str, Any] = {}
            open_blocks[depth][found[2]] = inner
            open_blocks.append(inner)
        elif (value := _scalar(found[3])) is not None:
            open_blocks[depth][found[2]] = value
        else:
            return None
    return top if _all_filled(top) else None


def _scalar(text: str) -> str | None:
    if text[0] == "'":
        return text[1:-1] if _QUOTED.fullmatch(text) else None
    if text[0] == '"':
        if not _DOUBLE_QUOTED.fullmatch(text):
            return None
        value = json.loads(_BYTE.sub(r"\1\\u00", text))
        return value if isinstance(value, str) and not _HALF.search(value) else None
    return (
        text
        if _PLAIN.fullmatch(text) and ": " not in text and " #" not in text and text.lower() not in _WORDS
        else None
    )


def _all_filled(block: Mapping[str, Any]) -> bool:
    return all(value and _all_filled(value) for value in block.values() if isinstance(value, dict))


def archived_record(text: str, entry: SourceEntry) -> Record:
    """The normalised record of one archive file's text. Raises `ArchiveError`."""
    block, body = parsed(text)
    keys = dict(_flat(block, ""))
    stated = keys.get("url")
    if not stated:
        raise ArchiveError("no url among its keys")
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


def _flat(block: Mapping[Any, Any], above: str) -> Iterator[tuple[str, str]]:
    """The keys with their parts joined again, as pages spell them."""
    for name, value in block.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{key}:")
        elif value is not None:
            yield _UNDERSCORES.get(key, key), value if isinstance(value, str) else str(value)


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

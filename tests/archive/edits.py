"""What the archive's history says happened to each record: which fields changed for a reader, and the class of the change.

Worked out from two texts by the archive's own rule, without the code that decides it in the store, so that a reviewer can
disagree with a step and change it here: entities are decoded; white space, no-break and zero-width spaces, quotes' shapes and
Markdown's marks are evened out; then, one step after the other, lines and words that are no story are set aside. The first
step after which the two bodies are equal names the class. Title and description are those of `stated`.
"""

from __future__ import annotations

import gzip
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.archive.records import ArchiveRecord, parsed
from tests.archive.stated import FURNITURE, Stated, moment, stated

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_MARKS = re.compile(r"[*_#>`]+|^\s*=+\s*$")
_QUOTES = str.maketrans("‘’‚‛“”„‟", "''''\"\"\"\"")
_MASK = re.compile(r"\S*\[email\s+protected\](?:\([^)\s]*\))?[^\s,;]*")
_WINDOW = re.compile(r"\s*\(?opens in (?:a )?new (?:window|tab)\)?", re.I)
_FLAG = re.compile(r"(?:updated|breaking) news post", re.I)
_RELATED = re.compile(r"There (?:is|are) \d+ related updates? to this story|\d\d [A-Z][a-z]{2} \d{4}: .*")
_OF_DATES = re.compile(
    r"[\d:/.,]+(?:st|nd|rd|th|am|pm)?|on|at|in|of|gmt|bst|date|published|posted|dated|issued|updated|modified|last|first"
    r"|(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
    re.I,
)
_LONG_WORD = re.compile(r"[a-z]{6,}")
_STOP = re.compile(r"[.!?:;…][\"')]*$")
Lines = list[str]


@dataclass(frozen=True, slots=True)
class Edit:
    """One later text of a record. `fields` changed for a reader; `kind` is the class of the body's change, or of what is left.

    `returns`: the text says what an earlier one of the same record said, before the one that it replaces.
    """

    path: str
    before: ArchiveRecord = field(repr=False)
    after: ArchiveRecord = field(repr=False)
    fields: tuple[str, ...]
    kind: str
    returns: bool

    @property
    def wanted(self) -> tuple[str, ...]:
        """The fields of the one change that must be told; none where nothing may be told but a minor one."""
        return () if self.returns else self.fields

    @property
    def change(self) -> str:
        """What the one change must be."""
        return "new" if self.kind == "another story" else "edited"


def history(file: Path) -> dict[str, list[Edit]]:
    """The steps of each record that has any, by its path. Its first text is the A row, or the first one there."""
    found: dict[str, list[ArchiveRecord]] = {}
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            found.setdefault(row["path"], []).append(parsed(row["text"]))
    return {path: list(edits(path, texts)) for path, texts in found.items() if len(texts) > 1}


def edits(path: str, texts: Sequence[ArchiveRecord]) -> Iterator[Edit]:
    """The later texts of one record, each beside the one before it."""
    said = [_said(text) for text in texts]
    for n in range(1, len(texts)):
        fields, kind = difference(texts[n - 1], texts[n])
        yield Edit(path, texts[n - 1], texts[n], fields, kind, said[n] != said[n - 1] and said[n] in said[: n - 1])


def difference(before: ArchiveRecord, after: ArchiveRecord) -> tuple[tuple[str, ...], str]:
    """The fields that changed for a reader, in order, and the class."""
    old, new = stated(before), stated(after)
    kind = _kind_of_body(before.body, after.body)
    fields = [
        name
        for name, same in (
            ("title", seen(old.title) == seen(new.title)),
            ("description", seen(old.description or "") == seen(new.description or "")),
            ("body", kind != "story"),
        )
        if not same
    ]
    if fields:
        return tuple(fields), "another story" if _starts_anew(old, new, fields) else "story"
    return (), kind or _kind_of_keys(before, after, old, new)


def seen(text: str) -> str:
    """What a reader sees of a text, on one line."""
    text = html.unescape(html.unescape(text))
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).replace("\\", "").translate(_QUOTES)
    return " ".join(_MARKS.sub("", text).split())


def is_stray(line: str) -> bool:
    """Whether a line is what the archive's rule calls a picture's title: up to five words without a stop."""
    return len(line.split()) <= 5 and not _STOP.search(line)


def is_date(line: str) -> bool:
    """Whether a line is nothing but a printed date."""
    rest = [word for word in re.split(r"[\s,/:]+", line) if word and not _OF_DATES.fullmatch(word)]
    return len(line.split()) <= 10 and len(rest) <= 1 and moment(line)[0] is not None


def _said(text: ArchiveRecord) -> tuple[str, str, str]:
    of = stated(text)
    lines = _lines(text.body)
    for _, step in _STEPS[:-1]:
        lines = step(lines)
    return seen(of.title), seen(of.description or ""), " ".join(lines)


def _starts_anew(old: Stated, new: Stated, fields: Sequence[str]) -> bool:
    """Whether the address was used again: another headline, a printed day two months later or more, under half of the words kept."""
    if not {"title", "body"} <= {*fields} or old.day is None or new.day is None or (new.day - old.day).days < 60:
        return False
    before, after = ({*_LONG_WORD.findall(seen(text.text).lower())} for text in (old, new))
    return 2 * len(before & after) < min(len(before), len(after))


def _lines(body: str) -> Lines:
    return [line for raw in body.split("\n") if (line := seen(raw))]


def _without(test: Callable[[str], object]) -> Callable[[Lines], Lines]:
    return lambda lines: [line for line in lines if not test(line)]


_STEPS: tuple[tuple[str, Callable[[Lines], Lines]], ...] = (
    ("Markdown marks or spaces", lambda lines: lines),
    ("flag line", _without(_FLAG.fullmatch)),
    ("date line", _without(is_date)),
    ("opens in a new window", lambda lines: [_WINDOW.sub("", line) for line in lines]),
    ("masked e-mail", lambda lines: [_MASK.sub("@", line) for line in lines]),
    ("related updates", _without(_RELATED.fullmatch)),
    ("other furniture", _without(FURNITURE.fullmatch)),
    ("picture titles", _without(is_stray)),
)


def _kind_of_body(before: str, after: str) -> str:
    """'' where the bodies are the same, 'story' where a reader finds another, else the class."""
    if before == after:
        return ""
    old, new = _lines(before), _lines(after)
    for name, step in _STEPS:
        old, new = step(old), step(new)
        if " ".join(old) == " ".join(new):
            return name
    return "story"


def _kind_of_keys(before: ArchiveRecord, after: ArchiveRecord, old: Stated, new: Stated) -> str:
    if before.key("publish.date") != after.key("publish.date"):
        return "printed date"
    if any(
        before.key(f"article.{name}.time") != after.key(f"article.{name}.time") for name in ("published", "modified")
    ):
        return "article times"
    return "image" if before.block.get("og") != after.block.get("og") else "other keys"

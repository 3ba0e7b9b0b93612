"""Edits that are invented, made to real records of every area: what each must come to is known from how it was made."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace

from tests.archive.edits import Edit, is_date
from tests.archive.records import ArchiveRecord
from tests.archive.stated import stated

Change = Callable[[ArchiveRecord, random.Random], ArchiveRecord | None]
_TURNED = {"'": "’", '"': "“", "’": "'", "‘": "'", "“": '"', "”": '"'}
_WORD = re.compile(r"(?<![\w@.\\&;:/'’-])[a-z]{3,}(?![\w@.;:/'’-])")


def invented(records: Mapping[str, Sequence[ArchiveRecord]], seed: int) -> Iterator[tuple[str, Edit]]:
    """For each area and kind of change: its name, and the step of a record of its own; none where no record has what it takes."""
    for area, of in records.items():
        dice = random.Random(f"{seed} {area}")
        left = list(of)
        for name, (make, fields) in CHANGES.items():
            for n, record in enumerate(left):
                after = make(record, dice)
                if after is not None and after != record:
                    path = f"{area}/{name}"
                    yield name, Edit(path, _before(name, record), after, fields, "story" if fields else name, False)
                    del left[n]
                    break


def _before(name: str, record: ArchiveRecord) -> ArchiveRecord:
    return _with_last_line(record, _MASKED[0]) if name == "masked e-mail" else record


def _sentences(record: ArchiveRecord) -> list[str]:
    """Lines of the story that are too long for labels and dates."""
    return [line for line in stated(record).story if len(line.split()) >= 9 and not is_date(line)]


def _in_a_sentence(pattern: re.Pattern[str], new: Callable[[str, random.Random], str]) -> Change:
    """Of one sentence one place where the pattern fits."""

    def change(record: ArchiveRecord, dice: random.Random) -> ArchiveRecord | None:
        places = [(line, found) for line in _sentences(record) for found in pattern.finditer(line)]
        if not places:
            return None
        line, at = dice.choice(places)
        return _swapped(record, line, line[: at.start()] + new(at[0], dice) + line[at.end() :])

    return change


def _swapped(record: ArchiveRecord, old: str, new: str) -> ArchiveRecord:
    return replace(record, body=record.body.replace(old, new, 1))


def _other_digit(digit: str, dice: random.Random) -> str:
    return str((int(digit) + 1 + dice.randrange(9)) % 10)


def _in_first_sentence(lines: str) -> Change:
    def change(record: ArchiveRecord, dice: random.Random) -> ArchiveRecord | None:
        found = _sentences(record)
        return _swapped(record, found[0], lines.format(found[0])) if found else None

    return change


def _without_a_paragraph(record: ArchiveRecord, dice: random.Random) -> ArchiveRecord | None:
    lines = _sentences(record)
    return _swapped(record, dice.choice(lines[1:]), "") if len(lines) > 2 else None


def _in_body(pattern: str, new: Callable[[re.Match[str]], str]) -> Change:
    return lambda record, dice: replace(record, body=re.sub(pattern, new, record.body))


def _with_last_line(record: ArchiveRecord, line: str) -> ArchiveRecord:
    sentences = _sentences(record)
    return _swapped(record, sentences[-1], f"{sentences[-1]}\n\n{line}") if sentences else record


_MASKED = (
    "Send it to [email protected] by Monday, please.",
    "Send it to Sam.Lee[email protected]ce.uk by Monday, please.",
)


def _keyed(record: ArchiveRecord, change: Callable[[str], str], *names: str) -> ArchiveRecord | None:
    """The values of some keys changed, where the record has one."""
    block = deepcopy(record.block)
    for name in names:
        *above, last = name.split(".")
        of = block
        for part in above:
            of = of.get(part, {})
        if isinstance(of, dict) and isinstance(of.get(last), str):
            of[last] = change(of[last])
    return replace(record, block=block) if block != record.block else None


def _title(record: ArchiveRecord, dice: random.Random) -> ArchiveRecord | None:
    title = stated(record).title
    words = [word for word in _WORD.findall(title) if title.count(word) == 1]
    if not words:
        return None
    word = dice.choice(words)
    if record.body.startswith(f"# {title}\n"):  # two areas' archives have the headline twice
        record = _swapped(record, title, re.sub(rf"\b{word}\b", "lantern", title))
    return _keyed(record, lambda value: re.sub(rf"\b{word}\b", "lantern", value), "title", "og.title", "twitter.title")


def _description(record: ArchiveRecord, dice: random.Random) -> ArchiveRecord | None:
    return _keyed(record, lambda value: f"{value.rstrip('. ')} on Monday.", "og.description", "twitter.description")


def _image(record: ArchiveRecord, dice: random.Random) -> ArchiveRecord | None:
    return _keyed(record, lambda value: re.sub(r"[^/]*$", "lantern.jpg?h=7", value), "og.image", "og.image.url")


def _printed(record: ArchiveRecord, dice: random.Random) -> ArchiveRecord | None:
    """The day of the printed date, in the key or on its line: another one of the same month."""
    line = stated(record).date_line
    turned = re.sub(
        r"(?<![\d:])(\d?)(\d)(?!\d*[:\d])", lambda found: f"{found[1]}{(int(found[2]) % 8) + 1}", line, count=1
    )
    if not line or turned == line:
        return None
    if record.key("publish.date"):
        return _keyed(record, lambda _: turned, "publish.date")
    return _swapped(record, line, turned) if line in record.body else None


def _meta(record: ArchiveRecord, dice: random.Random) -> ArchiveRecord | None:
    names = ("article.modified.time", "og.updated.time")
    return _keyed(record, lambda value: re.sub(r"T\d\d:\d\d", "T23:59", value), *names)


BODY = ("body",)
CHANGES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "a digit": (_in_a_sentence(re.compile(r"(?<![\\\d])\d|(?<=\d)\d"), _other_digit), BODY),
    "a word": (_in_a_sentence(_WORD, lambda *_: "lantern"), BODY),
    "a comma": (_in_a_sentence(re.compile(r",(?= [a-z])"), lambda *_: ""), BODY),
    "a spelling": (_in_a_sentence(re.compile(r"(?<=[a-z]{3})[a-z](?=[a-z]{2})"), lambda *_: ""), BODY),
    "an update above": (_in_first_sentence("**UPDATE: A man of 34 was charged with theft on Tuesday.**\n\n{}"), BODY),
    "a paragraph less": (_without_a_paragraph, BODY),
    "the title": (_title, ("title",)),
    "the description": (_description, ("description",)),
    "quotes' shapes": (_in_body("['\"’‘“”]", lambda found: _TURNED[found[0]]), ()),
    "no-break spaces": (_in_body(r"(?<=[a-z]) (?=[a-z])", lambda _: "\u00a0"), ()),
    "zero-width spaces": (_in_body(r"(?<=[a-z]) (?=[a-z])", lambda _: " \u200b"), ()),
    "masked e-mail": (lambda record, dice: _with_last_line(record, _MASKED[1]), ()),
    "a link's window": (_in_a_sentence(re.compile(r"(?<=[a-z]{4}) (?=[a-z])"), lambda *_: " (opens in a new window) "), ()),
    "a picture's title": (_in_first_sentence("{}\n\nLantern CCTV 2\n\n"), ()),
    "a flag": (_in_first_sentence("\n\nUpdated News Post\n\n{}"), ()),
    "the picture": (_image, ()),
    "the printed date": (_printed, ()),
    "meta times": (_meta, ()),
}  # fmt: skip

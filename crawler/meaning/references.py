"""The numbers a reader would quote to police about a story."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from crawler.meaning.plain import plain
from crawler.meaning.reference_days import DATED, ending
from crawler.meaning.reference_numbers import CAPITALS, KIND_WORD, is_date, labelled, stands, unglued
from crawler.meaning.reference_patterns import AND, CANDIDATE, CUE, CUES, NAMED, NUMBERS, TOKEN

_SPACE = re.compile(r"\s+")
_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
_SYSTEM = re.compile(r"^(IML|CAD|CRIS)[:-]?")
_MOST = 300  # of one text: whatever has more is no story, and comparing each with each would take long


class _Found(NamedTuple):
    """A reference with its place in the text; `key` is what two ways of printing it have in common,
    `day` the end of a name that has one: ' of 12 March'.
    """

    start: int
    end: int
    name: str
    key: str
    day: str = ""


def references(title: str, body: str, *, area: str = "", published: date | None = None) -> tuple[str, ...]:
    """References in order of appearance, each once: '370 of 12 March', '40/12345/19', 'CAD 1234/30MAR', 'IML 123456'.

    They are as printed but for blanks, weekdays, ordinals and the order of day and month. Words such as 'log' or 'incident
    number' are left out unless the number is too short to stand alone. 'of today' becomes the day in `published`. A number
    of a day is unique only together with `area`, which a record holds.
    """
    text = f"{plain(title)}\n{plain(body)}"
    found = _shaped(text)
    found += [cued for cued in itertools.islice(_cued(text, published), _MOST) if not _overlaps(cued, found)]
    unique: dict[str, str] = {}
    for reference in sorted(found):
        unique.setdefault(reference.key, reference.name)
    return tuple(name for key, name in unique.items() if not any(_is_part(key, other) for other in unique))


def _overlaps(new: _Found, found: list[_Found]) -> bool:
    return any(new.start < old.end and old.start < new.end for old in found)


def _shaped(text: str) -> list[_Found]:
    """References known by their shape alone."""
    found: list[_Found] = []
    for match in itertools.islice(itertools.chain(_named(text), _numbers(text)), _MOST):
        name = _SPACE.sub("", match[0]).upper()
        if is_date(name):
            continue
        new = _Found(match.start(), match.end(), _SYSTEM.sub(r"\1 ", name), _NOT_ALNUM.sub("", name.lower()))
        if not _overlaps(new, found):
            found.append(new)
    return found


def _named(text: str) -> Iterator[re.Match[str]]:
    for shape in NAMED:
        if shape.hint in text:
            yield from shape.pattern.finditer(text)


def _numbers(text: str) -> Iterator[re.Match[str]]:
    for candidate in CANDIDATE.finditer(text):
        token = candidate[0]
        if not (token[:10].isdigit() or token[6:7].isdigit() or "/" in token or "*" in token or "_" in token):
            continue
        start = candidate.start()
        while start > max(0, candidate.start() - 8) and (text[start - 1].isalnum() or text[start - 1] in "/-"):
            start -= 1
        if start and text[start - 1] in ".=+£$#":
            continue
        yield from itertools.islice(filter(None, (shape.pattern.match(text, start) for shape in NUMBERS)), 1)


def _cued(text: str, published: date | None) -> Iterator[_Found]:
    """Numbers behind words such as 'quoting' or 'log number', and further ones of the same list."""
    low = text.lower()
    if len(low) != len(text):  # a few letters of other languages grow
        low = text
    last = -1
    for start in sorted(at for cue in CUES for at in _places(low, cue)):
        if start < last or (start and low[start - 1].isalnum()):
            continue
        cue = CUE.match(low, start)
        if cue is None:
            continue
        listed: list[_Found] = []
        at: int | None = cue.end()
        while at is not None and (new := _number(text, at, cue, published)):
            if listed and not _alike(new, listed[-1]):
                break
            listed.append(new)
            last = new.end
            more = AND.match(text, last)
            at = more.end() if more else None
        yield from _sharing_day(listed)


def _alike(new: _Found, before: _Found) -> bool:
    """Whether a number behind 'and' can be another reference of a list, and not '150 officers'."""
    return bool(new.day) or not new.key.isdigit() or (before.key.isdigit() and abs(len(new.key) - len(before.key)) < 2)


def _sharing_day(listed: list[_Found]) -> list[_Found]:
    """'807 and 1799 of 25/07/20' are two numbers of one day."""
    for n in range(len(listed) - 2, -1, -1):
        short, after = listed[n], listed[n + 1]
        if after.day and not short.day and short.key.isdigit() and len(short.key) < 6:
            key = f"{short.key.lstrip('0')} {after.key.partition(' ')[2]}"
            listed[n] = short._replace(name=short.name.split()[-1] + after.day, key=key, day=after.day)
    return listed


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _number(text: str, at: int, cue: re.Match[str], published: date | None) -> _Found | None:
    dated = DATED.match(text, at)
    if dated and (day := ending(dated, published)):
        system = [CAPITALS[word] for word in KIND_WORD.findall(cue[0]) if word in CAPITALS][-1:]
        number = dated["number"]
        key = f"{_NOT_ALNUM.sub('', number.lower()).lstrip('0')} {day[1]}"
        return _Found(at, dated.end(), " ".join([*system, number + day[0]]), key, day[0])
    if cue[1] == "serial" or not (token := TOKEN.match(text, at)):
        return None
    name = unglued(_SPACE.sub("", token[0]))
    end = at + len(name) if token[0].startswith(name) else token.end()
    if not stands(name, cue, text, end):
        return None
    return _Found(at, end, labelled(name, cue), _NOT_ALNUM.sub("", name.lower()))


def _is_part(key: str, other: str) -> bool:
    """Whether a number is said again, more fully: 'P12345678' and 'PR/P12345678', 'log 370' and '370 of 12 March'."""
    if key == other or other.startswith(f"{key} "):
        return key != other
    if " " in key:
        return False
    number, day, _ = other.partition(" ")
    return (len(key) > 5 and number.endswith(key)) or (bool(day) and key.lstrip("0") == number)

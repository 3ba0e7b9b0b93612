"""Whether a text still tells the story of another one: an edit does, a notice in its place does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from storage.pieces import Differences, overlap

REDRAWN = 0.5  # of the runs of words: a page in another design still tells its story
_ONE_LINE = 70  # of 100: a line in which a figure or a word was corrected
_NUMBER = re.compile(r"\d+")
_CALENDAR = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|dydd \w+"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr"
    r"|(?:minutes?|hours?|days?|weeks?|months?) ago)\b|\d{1,2}[:.]\d\d\b",
    re.I,
)
_NOT_WORD = re.compile(r"[\W_]+")


def letters(title: str) -> str:
    """A headline without what is no letter or digit."""
    return _NOT_WORD.sub("", title.casefold())


def same_title(one: str, other: str) -> bool:
    """Whether two headlines say the same; an erased one says nothing."""
    return bool(letters(one)) and letters(one) == letters(other)


def tells_story(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the new text has the old one's headline, or half of the runs of words of the shorter body."""
    return same_title(old["title"], new["title"]) or overlap(old["body"], new["body"]) >= REDRAWN


def may_be_a_notice(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a text that our own doing may account for hardly says what the story said, or would bring a removed one back: a page
    can be gone, or the site have a bad day, in the very crawl of a new reader. Where no body was read before, the headline tells.
    """
    if old["removed_at"] is not None:
        return True
    if not overlap(old["body"], old["body"]) and same_title(old["title"], new["title"]):
        return False
    return overlap(old["body"], new["body"]) < REDRAWN


def corrected(found: Differences, furniture: frozenset[str]) -> bool:
    """Whether a line of furniture that was lost is there again with other words, as a telephone number in the footer of all pages
    is corrected. What only a clock or the calendar moved is not.
    """
    gone, added = ([p for p in side if p.digest in furniture] for side in (found.gone, found.added))
    return any(a.field == b.field and _is_corrected(a.text, b.text) for a in gone for b in added)


def _is_corrected(old: str, new: str) -> bool:
    if _CALENDAR.search(new) and _shape(old) == _shape(new):
        return False
    from rapidfuzz import fuzz  # 11 ms, which most crawls need not wait for

    return fuzz.ratio(old.split(), new.split()) >= _ONE_LINE


def _shape(line: str) -> str:
    return _NUMBER.sub("#", _CALENDAR.sub("@", line))

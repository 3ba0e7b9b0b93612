"""Whether a number behind 'quoting' or 'log number', with no day beside it, is a reference, and what it is called."""

from __future__ import annotations

import re

# '12/03/21', '2019/20', and 'aged 13/14/15'
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)?\d\d|(?:19|20)\d\d/(?:\d\d)?\d\d|(?:19|20)\d\d-\d\d(?:\d\d)?"
)
_GLUED = re.compile(r"(?<=\d)(?:[A-Z]?[a-z]{2,}|//).*$", re.S)  # '37/12345/21Website'
_CALLED = "101 999 111 112 105 119 18000 18001 61016 64630 60066 67101 66777 88551"
_SHORT_CODES = frozenset(_CALLED.split())
_PHONE_GOES_ON = re.compile(r"[ -]?\d{3}|\)\s?\d{3}")
_COUNTS = re.compile(
    r"[.,]\d|\s?(?:%|per\s?cent|[ap]m\b)|\s(?:people|years?|hours?|days?|offences|crimes|incidents|reports|times|metres|miles|mph|words)\b"
)
_NUMBER_WORD = re.compile(r"num|\bno|\bref|:")
KIND_WORD = re.compile(r"\b(log|incident|cad|isr|event|occurrence|crime)\b")
CAPITALS = {"cad": "CAD", "isr": "ISR"}  # the system's name is part of the number


def is_date(name: str) -> bool:
    """Whether what looks like a reference is a date, a pair of years or a row of ages."""
    return _DATE.fullmatch(name) is not None


def unglued(name: str) -> str:
    """A number without the word that a lost blank glued to it."""
    return _GLUED.sub("", name).rstrip("-_/:")


def stands(name: str, cue: re.Match[str], text: str, end: int) -> bool:
    """Whether a number behind a cue, with no day beside it, is a reference and no telephone number, count, year or date."""
    asked = cue[1][:3] in ("quo", "ref", "cit", "cyf", "ddy")
    digits = sum(map(str.isdigit, name))
    if digits < (2 if asked and KIND_WORD.search(cue[2]) else 3) and ":" not in name:
        return False
    if name in _SHORT_CODES or is_date(name) or _COUNTS.match(text, end):
        return False
    if name.isdigit() and name[0] == "0" and (len(name) == 11 or _PHONE_GOES_ON.match(text, end)):
        return False
    if name.isdigit() and len(name) == 4 and name[:2] in ("19", "20") and not (asked and _NUMBER_WORD.search(cue[2])):
        return False
    if cue[1] in ("refer", "referring") and not KIND_WORD.search(cue[2]):
        return False
    if asked or cue[1] in ("cad", "isr", "log", "cris"):
        return True
    return bool(_NUMBER_WORD.search(cue[2])) or digits >= 6


def labelled(name: str, cue: re.Match[str]) -> str:
    """The number, with the word before it when it has so few digits that it says nothing alone."""
    words = KIND_WORD.findall(cue[0])
    if len(name) > 4 or not name.isdigit() or not words:
        return name
    return f"{CAPITALS.get(words[-1], words[-1])} {name}"

"""Stories that must not live on because of us when a force takes them down."""

from __future__ import annotations

import re

from crawler.meaning.phrases import Phrases, folded
from crawler.meaning.plain import plain
from crawler.meaning.sensitive_words import ALWAYS, CRIME, TITLE

_TITLE = Phrases(TITLE)
_ALWAYS = Phrases(ALWAYS)
_CRIME = Phrases(f"{ALWAYS}, {CRIME}")
_GENERAL = ("campaign", "organisation", "other")
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_YOUNG = frozenset([*map(str, range(18)), *_NUMBERS.split()])
# '14 year old', '14 years of age'; 'aged 14', 'age of 14'
_AGES = (
    (" year", re.compile(r" (\w+) years? (?:olds?|of age) ")),
    (" age", re.compile(r" age(?:d(?: just| only| around| about| between)?| of) (\w+) ")),
    (" oed", re.compile(r" (\w+) oed ")),  # '14 oed', '14 mlwydd oed'
    (" mlwydd oed", re.compile(r" (\w+) mlwydd oed ")),
)
_BEHIND = (" year", " oed", " mlwydd oed")  # these stand behind the number
# 'Alex Rowe, 14, of Tarn Street', 'Alex Rowe (14)'
_NAMED = re.compile(r"[,(] ?(?:[3-9]|1[0-7])[,)]\s")
_NAME = re.compile(r"[A-Z][a-z'-]+ ?$")


def sensitive(title: str, body: str, kind: str) -> bool:
    """Whether a story is about missing people, children (victims, suspects, or named under 18), sexual offences or private people
    who died. In doubt it is: what is wrongly kept back costs a reader little, what is wrongly kept alive harms somebody.
    """
    if kind in ("missing", "found"):
        return True
    body = plain(body)
    text = folded(body)
    return (
        _TITLE.said_in(folded(plain(title)))
        or (_ALWAYS if kind in _GENERAL else _CRIME).said_in(text)
        or _young(text)
        or any(_NAME.search(body, max(0, named.start() - 30), named.start()) for named in _NAMED.finditer(body))
    )


def _young(text: str) -> bool:
    """Whether an age under 18 is told: '14 year old', 'aged 14'."""
    for mark, pattern in _AGES:
        at = text.find(mark)
        while at >= 0:
            age = pattern.match(text, max(text.rfind(" ", 0, at), 0) if mark in _BEHIND else at)
            if age and age[1] in _YOUNG:
                return True
            at = text.find(mark, at + 1)
    return False

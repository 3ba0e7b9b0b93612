"""What kind of news a story is now: the main thing its headline tells, or else its first sentences."""

from __future__ import annotations

from crawler.meaning.kind_words import CRIME, LATE, LEAD, TITLE
from crawler.meaning.phrases import Phrases, folded
from crawler.meaning.plain import plain

_LEAD_CHARS = 420  # of a body, that tell its news: later ones hold background, quotes and earlier releases
_END_CHARS = 1500  # that hold whom to call
_TITLE = tuple((kind, Phrases(listed)) for kind, listed in TITLE)
_LEAD = tuple((kind, Phrases(listed)) for kind, listed in LEAD)
_LATE = tuple((kind, Phrases(listed)) for kind, listed in LATE)
_CRIME = Phrases(CRIME)
_JUDGED = ("was sentenced", "were sentenced", "pleaded guilty", "pleading guilty", "found guilty")
_ASKED = ("quoting", "quote ", "with information", "any information", "witness", "appealing")


def kind(title: str, description: str | None, body: str) -> str:
    """appeal, missing, wanted, found, arrest, charge, court, incident, campaign, organisation or other."""
    body = plain(body)
    headline = folded(plain(title))
    lead = folded(f"{plain(description or '')} {body[:_LEAD_CHARS]}")
    told = _first(lead, _LEAD)
    if told == "found":
        return told
    named = _first(headline, _TITLE)
    crime = _CRIME.said_in(headline)
    if named and not (told and crime and named in ("campaign", "organisation")):
        return named
    if told:
        return told
    if any(word in body for word in _JUDGED):
        return "court"
    if not crime and (late := _first(lead, _LATE)):
        return late
    if crime or _CRIME.said_in(lead):
        end = body[-_END_CHARS:].lower()
        return "appeal" if any(word in end for word in _ASKED) else "incident"
    return "other"


def _first(text: str, rules: tuple[tuple[str, Phrases], ...]) -> str | None:
    return next((kind for kind, listed in rules if listed.said_in(text)), None)

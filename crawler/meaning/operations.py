"""Named police operations of a story: 'Operation Rovik'."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.meaning.plain import plain

_NAME = r"[A-Z][A-Za-z0-9]{1,30}(?:-[A-Z][a-z]{1,30})?"
# 'Operation Rovik', "Op 'Blue Kettle'", 'OP ROVIK'; not 'Co-Op Store'
_CAPITAL = re.compile(rf"(?<![\w-])(?:Operation|Op\.?|OPERATION|OP)\s{{1,3}}['\"]?({_NAME})(?:[ \t]{{1,3}}({_NAME}))?")
# 'as part of operation Rovik'; not 'during the operation Chief Inspector ...'
_SMALL = re.compile(rf"operation\s{{1,3}}['\"]?({_NAME})")
_BEFORE_SMALL = re.compile(
    r"\b(?:of|under|during|on|and|via|(?:quot|launch|runn)(?:e|es|ed|ing)|called|(?:code)?named|dubbed)\s{1,3}['\"]?$"
)
# 'about Operations Rovik and Tarn', 'Ops Rovik, Tarn and Wold'
_PLURAL = re.compile(
    rf"\b(?:Operations|Ops)\s{{1,3}}({_NAME}(?:,\s{{1,3}}{_NAME}){{0,6}}\s{{1,3}}(?:and|&)\s{{1,3}}{_NAME})"
)
_HASHTAG = re.compile(r"#Op(?:eration)?([A-Z][a-z]+(?:[A-Z][a-z]+)*)")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TITLE_CASE = re.compile(r"\s[A-Z]")

# Never a name nor a part of one: what departments and ranks are called, and the first word of the next sentence.
_DEPARTMENTS_AND_SENTENCES = """
    Manager Managers Theatre Theatres Room Centre Commander Command Support Unit Units Director Directors Team Teams
    Department Dept Group Division Divisions Branch Hub Control Officer Officers Patrol Roads Road Policing Service
    Services Delivery Planning Portfolio Committee Coordinator Assistant Chief Deputy Superintendent Inspector
    Sergeant Detective Detectives Constable Constables PC PCs DC DI DCI DS DSU PCSO Sgt Insp Supt Police Force
    Forces Task Investigation Investigations Trainers Award Awards Executive Lead Leads Head Terrorism Crime
    Community Multi Week Month Day National Senior Major Serious Special Specialist Joint Central Tactical
    Neighbourhood January February March April May June July August September October November December Monday
    Tuesday Wednesday Thursday Friday Saturday Sunday The This These That It They We He She You Our Their His Her As
    At In On Of By To For With From And But Or If Is Are Was Were Has Have Will During After Before While When Since
    There Three Anyone Find Therefore Welfare East West North South Upper Lower Targets Targeting Results Launched
    Launches Update Appeal Alternatively Crimestoppers Please Call Online Leading Tackles Tackling Nets Sees Seizes
    Continues Against Into Ed
"""
_NO_NAME = frozenset(_DEPARTMENTS_AND_SENTENCES.split())
# May follow a name without being a part of it: 'Operation Rovik East', 'Operation Rovik Christmas ...'
_PLACES = "North South East West Eastern Western Northern Southern Rural Christmas TIC MIPP Mipp HGV HGVs II"
_NO_SECOND = frozenset(_PLACES.split())


def operations(title: str, body: str) -> tuple[str, ...]:
    """Names in order of appearance, each once and in the form 'Operation Rovik'. 'Op' counts, 'a drugs operation' does not."""
    title, body = plain(title), plain(body)
    found: dict[str, str] = {}
    for name in (*_confirmed(title, body), *_names(body)):
        found.setdefault(name.casefold(), name)
    alone = set(found)  # 'Operation Rovik Derby' beside 'Operation Rovik' is the same one with a word of the sentence
    return tuple(f"Operation {name}" for key, name in found.items() if " " not in key or key.split()[0] not in alone)


def _names(text: str) -> Iterator[str]:
    if "Op" in text or "OP" in text:
        for match in _CAPITAL.finditer(text):
            yield from _name(match[1], match[2])
        for match in _PLURAL.finditer(text) if "Operations" in text or "Ops" in text else ():
            names = re.findall(_NAME, match[1])
            if not _NO_NAME.intersection(names):
                yield from names
        for match in _HASHTAG.finditer(text) if "#Op" in text else ():
            yield _HUMP.sub(" ", match[1])
    for match in _SMALL.finditer(text):
        if _BEFORE_SMALL.search(text, max(0, match.start() - 20), match.start()):
            yield from _name(match[1], None)


def _name(first: str, second: str | None) -> Iterator[str]:
    if first in _NO_NAME or first.title() in _NO_NAME:
        return
    words = [first]
    if second and second not in _NO_NAME and second not in _NO_SECOND and first.isupper() == second.isupper():
        words.append(second)
    yield " ".join(word.capitalize() if word.isupper() and len(word) > 3 else word for word in words)


def _confirmed(title: str, body: str) -> Iterator[str]:
    """Names of the headline. Where every word has a capital, or the headline shouts, the body must know the name."""
    low = body.casefold()
    capitals = len(_TITLE_CASE.findall(title)) * 2 > title.count(" ")
    for name in dict.fromkeys(_names(title)):
        first, _, second = name.partition(" ")
        if name.casefold() in low:
            yield name
        elif first.casefold() in low or (second and not capitals):
            yield first
        elif not capitals:
            yield name

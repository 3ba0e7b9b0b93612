"""A headline's words: without the names of force and site around it, and said once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.text import fold

_SEPARATORS = r"\s+[|\-–—:»·•]\s+"
_PARTED = re.compile(r"[|\-–—:»·•]\s")
# Behind these stands no place that belongs to a headline: "Appeal after assault – Watford" has a dash.
_STRONG = re.compile(r"\s+[|»•]\s+")
# What a force of any name calls itself: at most four words that begin with capitals. A Special Constabulary is a part of one, and news.
_CAPITAL = r"[^\W\d_a-z][\w'’.-]*"
_FORCE = (
    rf"(?:[Tt]he\s+)?(?:(?!Special\s)(?:{_CAPITAL}\s+(?:(?:of|and|&)\s+)?){{1,3}}(?:Police|Constabulary|Heddlu)"
    rf"|Heddlu(?:\s+{_CAPITAL}){{1,3}}|Police\s+Service\s+of(?:\s+{_CAPITAL}){{1,2}}|Police\s+Scotland)"
)
_FORCE_BEHIND = re.compile(rf"(?<=\S){_SEPARATORS}{_FORCE}$")
_FORCE_BEFORE = re.compile(rf"{_FORCE}{_SEPARATORS}(?=\S)")
# A headline with a small letter at the head of a word that is no preposition: in one of capitals "Family Thank Police" is a clause.
_SENTENCE = re.compile(r"(?<!\S)(?!(?:after|with|from|over|into|under|following|between|during|near)\b)[a-z]{4,}")
_MOST_SIDES = 4
_CUT_AT = 50  # letters; a plural's "s" behind a shorter headline is another headline
_SHELF = frozenset(fold(t) for t in ("news", "news article", "latest news", "home", "press releases", "newsroom"))


@lru_cache(maxsize=512)
def _around(names: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What matches one of these names behind or before a headline, with the separator between."""
    any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name) or "(?!)"
    return (
        re.compile(rf"(?<=.){_SEPARATORS}(?:(?:latest\s+)?news{_SEPARATORS})?(?:the\s+)?(?:{any_name})$", re.I),
        re.compile(rf"(?:the\s+)?(?:{any_name})(?:{_SEPARATORS}|:\s+)(?=.)", re.I),
    )


def strip_force(title: str, prefixes: Sequence[str], suffixes: Sequence[str], names: Sequence[str] = ()) -> str:
    """A headline without a force's name before or after it. Only an exact known name is cut: headlines end in real places
    ("... – Watford"). `names` are cut only behind a separator.
    """
    for prefix in prefixes:
        if title.startswith(prefix.lstrip()) and len(title) > len(prefix):
            title = title[len(prefix.lstrip()) :]
    for suffix in sorted(suffixes, key=len, reverse=True):
        if title.endswith(suffix.rstrip()) and len(title) > len(suffix):
            title = title[: -len(suffix.rstrip())].rstrip()
    if _PARTED.search(title):
        behind, before = _around(tuple(names))
        if found := behind.search(title):
            title = title[: found.start()]
        if found := before.match(title):
            title = title[found.end() :]
    return _without_any_force(title.rstrip(" |»").strip())


def _without_any_force(title: str) -> str:
    """A headline without what reads as a force's name before or behind a separator, when three words or more remain."""
    for _ in range(_MOST_SIDES):
        if _PARTED.search(title) is None:
            break
        if found := _FORCE_BEHIND.search(title):
            rest = title[: found.start()]
        elif found := _FORCE_BEFORE.match(title):
            rest = title[found.end() :]
        else:
            break
        if len(rest.split()) < 3 or not (_SENTENCE.search(rest) or _STRONG.search(found[0])):
            break
        title = rest.strip()
    return title


def without_site(title: str, url: str) -> str:
    """A headline without what the page's own address names, and the shelf it stands on, behind a strong separator:
    "Headline | News | Ravenquay Gazette" at www.ravenquaygazette.example.
    """
    host = fold(urlsplit(url).hostname or "")
    for found in reversed(list(_STRONG.finditer(title))[-4:]):
        behind = fold(title[found.end() :])
        if behind not in _SHELF and (len(behind) < 3 or behind not in host):
            break
        title = title[: found.start()]
    return title


def parts(title: str) -> list[str]:
    """A title between its strong separators: the headline, then shelves and the site."""
    return _STRONG.split(title)


def undoubled(title: str) -> str:
    """A headline that a site printed twice in a row, once."""
    half = len(title) // 2
    if half < 12 or title[:6].casefold() not in title[half - 4 :].casefold():
        return title
    for cut in range(half - 3, min(half + 4, len(title))):
        first, second = title[:cut].rstrip(), title[cut:].strip()
        if (title[cut] == " " or title[cut - 1] == " ") and fold(first.strip(" -|")) == fold(second.strip(" -|")):
            return first.rstrip(" -|")
    return title


def fuller(text: str, stated: Sequence[str]) -> str:
    """The heading, unless it is itself cut with an ellipsis and the head states it whole."""
    if text.endswith(("...", "…")):
        stem = fold(text)
        return next((t for t in stated if fold(t).startswith(stem) and len(fold(t)) > len(stem)), text)
    return text


def best_stated(stated: Sequence[str]) -> str:
    """Of the head's own copies the first, which is the <title>, unless another one goes on where it is cut: at an ellipsis, or within
    a word. og:title alone is often an older or longer headline than the one shown.
    """
    best = stated[0]
    for other in stated[1:]:
        rest = fold(other)[len(fold(best)) :]
        if (
            rest and fold(other).startswith(fold(best)) and (best.endswith(("...", "…")) or _cut_within(best, other))
        ) or (best.startswith(other) and _STRONG.match(best[len(other) :])):
            best = other
    return best


def _cut_within(short: str, long: str) -> bool:
    """Whether a headline ends amid a word that a longer copy has whole: sites cut at some number of letters."""
    return len(short) >= _CUT_AT and long[len(short) : len(short) + 1].isalnum() and short[-1:].isalnum()

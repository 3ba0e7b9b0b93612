"""The date that a page prints, found by where it stands and what stands around it: for pages that state none for machines, and whose
story's own lines hold none.

Every line with a date is weighed: its label, how much else it says, how near the headline it is, what its element is called,
and what it stands in. The heaviest is believed, from a least weight on; names of elements are hints and never enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from lxml.etree import _Element

from crawler import dates
from crawler.dates import PrintedDate
from crawler.dates.words import MODIFIED
from crawler.text import opening_text

_DIGITS = re.compile(r"\d\d")
_LIKELY = re.compile(r"(?:19|20)\d\d|\d\s?[./-]\s?\d{1,2}\s?[./-]\s?\d\d|\d [^\W\d_]{3,9}\.? ['’]?\d\d\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-]\d{1,2}[./-]\d\d")
_SKIPPED = frozenset(
    ["script", "style", "noscript", "template", "select", "option", "textarea", "svg", "head", "title", "button"]
)
_INLINE = frozenset(
    ["a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u"]
)  # fmt: skip
_HINT = re.compile(
    r"date|publish|posted|time(?!line)|byline|dateline|meta|created|datum|fecha|datetime|auth?or|info", re.I
)
_NAMED = re.compile(
    r"(?<![a-z])(?:publish(?:ed)?|entry-?date|post-?date|posted-?on|pub-?date|article-?date|publish-?date|date-?published|date-?posted)(?![a-z])",
    re.I,
)
_ASIDE = re.compile(
    r"comment|reply|related|side-?bar|widget|recent|popular|foot|teaser|promo|most-?read|latest|carousel|(?<![a-z])event|calendar|archive|"
    r"copyright|weather|breadcrumb|ticker|navi|(?<![a-z])menu|(?<![a-z])top-?bar|login|search|banner|kommentar|disqus|respond",
    re.I,
)
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights reserved|alle rechte", re.I)
# "This entry was posted on Friday, ", "Geschrieben von Jo am Freitag, "
_SAID = re.compile(
    r"\b(?:posted|published|veröffentlicht|geschrieben|gepostet|erstellt|publié|posté|publicado|pubblicato|geplaatst|publicerad)\b[^.!?;]{0,40}$",
    re.I,
)
_EDITED = re.compile(rf"\b{MODIFIED}\W{{0,4}}(?:on|at|am|le|el|il)?\W{{0,4}}\Z", re.I)
_OWN_FOOT = re.compile(r"(?:entry|post|article|story|node|news)[-_]?foot", re.I)
_COMMENTED = re.compile(r"\b(?:says|said|wrote|schrieb|sagt|a dit|dijo|comments?|kommentare?|repl(?:y|ies))\b", re.I)
LEAST = 4
SURE = 5
_MOST = 60
_TITLE = 20  # characters
_BESIDE = 15  # elements
_FAR = 800  # elements below the headline, where a story and its foot have ended
_REFERENCE = re.compile(
    r"\b(?:log|incident|ref(?:erence)?|cad|crime|case|number|born|birth|aged|court|hearing)\b", re.I
)
_LONGEST = 160


@dataclass(slots=True)
class _Line:
    """A line of a page with a date in it."""

    printed: PrintedDate
    weight: int
    place: int
    shape: str


def printed_date(
    root: _Element, headline: _Element | None, *, least: int = LEAST, month_first: bool = False
) -> PrintedDate | None:
    """The publication date that a page prints, or None where no line weighs `least`.

    `LEAST` takes a bare date beside the headline, `SURE` only one that a label or its element's name speaks for as well.
    """
    body = next(root.iter("body"), root)
    headline = next(body.iter("h1"), None) if headline is None else headline
    lines = list(_lines(body, headline, month_first))
    own = [line for line in lines if line.printed.label not in ("modified", "rendered")]
    if not own:
        return None
    days: dict[str, set[date]] = {}
    for line in lines:
        days.setdefault(line.shape, set()).add(line.printed.day)
    nearest = min(abs(line.place) for line in own)
    for line in own:  # a row of other stories prints other days in the same shape
        if len(days[line.shape]) > 1 and (abs(line.place) > nearest or nearest > _BESIDE):
            line.weight -= 3
    best = max(own, key=lambda line: (line.weight, -abs(line.place)))
    return best.printed if best.weight >= least else None


def _lines(body: _Element, headline: _Element | None, month_first: bool) -> Iterator[_Line]:
    """The lines that hold a date, weighed. The place of each is its distance from the headline in elements.

    A line is the text of a block, or a part of it that stands beside a line break; never a part that a label could stand before.
    """
    seen: set[_Element] = set()
    found: list[tuple[int, _Element, str]] = []
    at = None
    digits = _DIGITS.search
    for number, element in enumerate(body.iter()):
        if element is headline:
            at = number
        # Most tails are white space: whether two digits stand in one is asked first, and here.
        if (tail := element.tail) and digits(tail) and _likely(tail) and (above := element.getparent()) is not None:
            found.append((number, above, tail if element.tag == "br" else ""))
        tag = element.tag
        if tag not in _SKIPPED and (text := element.text) and digits(text) and _likely(text) and isinstance(tag, str):
            before_br = len(element) > 0 and element[0].tag == "br"
            found.append((number, element, text if before_br else ""))
        if len(found) > _MOST or (at is not None and number - at > _FAR):
            break
    around = set() if headline is None else {headline, *headline.iterancestors()}
    for number, element, text in found:
        holder = _holder(element, around)
        place = number - at if at is not None else None
        weighed = [
            (_weight(element, holder, line, printed, place, around), printed)
            for line, printed in _readings(element, holder, text, month_first)
        ]
        if weighed and holder not in seen:
            seen.add(holder)
            weight, printed = max(weighed, key=lambda one: one[0])
            weight -= 4 if _of_another(holder, around) else 0
            yield _Line(printed, weight, number if place is None else place, _shape(holder))


def _readings(element: _Element, holder: _Element, text: str, month_first: bool) -> Iterator[tuple[str, PrintedDate]]:
    """The lines that a date can be read from: the block, the piece beside a line break, the inline element that is named for it."""
    block = " ".join(opening_text(holder, 2 * _LONGEST).split())
    lines = [block, " ".join(text.split())]
    if element is not holder and _HINT.search(_names(element)):
        lines.append(" ".join(opening_text(element, _LONGEST).split()))
    for line in dict.fromkeys(lines):
        if not line or len(line) > _LONGEST or (printed := _printed(line, month_first)) is None:
            continue
        label = printed.label
        if line is not block and not label and (start := block.find(line)) > 0 and _EDITED.search(block, 0, start):
            label = "modified"
        if label == "modified" and _NAMED.search(f"{_names(element)} {_names(holder)}"):
            label = ""  # "Updated" in an element that is named for the publication: the day is the page's own
        yield line, replace(printed, label=label)


def _names(element: _Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"


def _likely(text: str) -> bool:
    return len(text) <= 2 * _LONGEST and _LIKELY.search(text) is not None


def _of_another(holder: _Element, around: set[_Element]) -> bool:
    """Whether a date stands beside a link as long as a headline, and not around the page's own: a card of another story."""
    for above in (holder, *islice(holder.iterancestors(), 3)):
        if above in around or above.tag == "body":
            return False
        if any(len(opening_text(link, 60).strip()) >= _TITLE for link in islice(above.iter("a"), 6)):
            return True
    return False


def _shape(holder: _Element) -> str:
    """What the elements of a row of cards have in common."""
    above = holder.getparent()
    outer = "" if above is None else f"{above.tag} {above.get('class')}"
    return f"{holder.tag} {holder.get('class')} {outer}"


def _holder(element: _Element, around: set[_Element]) -> _Element:
    """The block that an inline element's text is a line of."""
    for _ in range(4):
        above = element.getparent()
        if above is None or element.tag not in _INLINE or above in around:
            break
        if any(child.tag not in _INLINE and child.tag not in ("br", "img") for child in islice(above, 20)):
            break
        element = above
    return element


def _printed(line: str, month_first: bool) -> PrintedDate | None:
    if whole := dates.date_line(line, limit=_LONGEST, month_first=month_first):
        return whole
    if (
        not _YEAR.search(line)
        or (found := dates.find(line, month_first=month_first)) is None
        or _COPYRIGHT.search(line)
    ):
        return None
    label = dates.label_of(line)
    if not label and (start := line.find(found.raw)) > 0 and _SAID.search(line[max(0, start - 60) : start]):
        label = "published"
    return PrintedDate(found.day, found.at, found.raw, label, found.zoned)


def _weight(
    element: _Element, holder: _Element, line: str, printed: PrintedDate, place: int | None, around: set[_Element]
) -> int:
    rest = len(line) - len(printed.raw)
    weight = 3 if printed.label == "published" else 0
    weight += 1 if printed.at or ":" in printed.raw else 0
    weight += 2 if rest <= 20 else 1 if rest <= 60 and not line.endswith((".", "!", "?")) else -2
    if place is not None and -15 <= place <= 40:
        weight += 2 if -6 <= place <= 15 else 1
    hinted = False
    start = element if element is holder or holder in islice(element.iterancestors(), 4) else holder
    for depth, above in enumerate((start, *islice(start.iterancestors(), 30))):
        if above in around:  # what the headline stands in is no aside
            break
        names = _names(above)
        if depth < 3 and not hinted and _HINT.search(names):
            hinted = True
            weight += 3 if _NAMED.search(names) else 2
        if _OWN_FOOT.search(names):
            continue
        if above.tag in ("aside", "footer", "nav", "form") or (
            above.tag not in ("body", "html", "article") and _ASIDE.search(names)
        ):
            weight -= 4
            break
        if above.tag == "li":
            weight -= 1
    if _COMMENTED.search(line) or _REFERENCE.search(line):
        weight -= 4
    return weight

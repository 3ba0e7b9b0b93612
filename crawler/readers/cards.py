"""The card of a link on a listing: what stands around it and belongs to no other link of its kind. Its headline, its date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml.etree import _Element

from crawler import dates
from crawler.text import inner_text, one_line, opening_text

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ENDS = frozenset(["body", "html", "main", "tbody", "table", "form"])
_BLOCKS = ("div", "p", "li", "section", "header", "time", "br", "td", "dd", "dt", "ul", "table")
_HIGHEST = 12  # elements above a link; more is no card
_MOST_BESIDE = 8  # elements beside a card that may be parts of it
_DATE_LENGTH = 90
_LONGEST_STAMP = 100
_SAYS_NOTHING = re.compile(
    r"\W*(?:read (?:more|on|full story|the full story|article|story)|more(?: info(?:rmation)?| details)?|view(?: (?:article|story|news))?|full story|find out more|learn more|continue(?: reading)?|image|news image|details|click here|see more"
    r"|darllen(?:wch)? (?:mwy|ymlaen|rhagor)|darllen(?:wch)? y stori(?: lawn)?|rhagor|mwy|mwy o wybodaeth|gweld mwy)\W*.{0,8}",
    re.I,
)
_ABOUT = re.compile(
    r"(?:read|find out|learn|darllen(?:wch)?|see)?\s*(?:more|mwy|rhagor|full story|the story|article)?\s*(?:about|on|am|of)?\s*[:\-–]?\s+",
    re.I,
)


def says_nothing(text: str) -> bool:
    """Whether the words of a link name no story: 'Read more', in English or Welsh."""
    return _SAYS_NOTHING.fullmatch(text) is not None


def heading_of(anchor: _Element) -> _Element | None:
    """The heading in a link, or around it."""
    inside = next(anchor.iter(*HEADINGS), None)
    if inside is not None:
        return inside
    return next((one for one in islice(anchor.iterancestors(), 3) if one.tag in HEADINGS), None)


def lines_of(anchor: _Element) -> list[str]:
    """The words of a link; of one around a whole card its lines that are no date, those that can be a headline first."""
    if len(anchor) == 0:
        return [one_line(anchor.text or "")]
    lines = list(_lines(anchor))
    if len(lines) < 2:
        return lines
    if next(anchor.iter(*_BLOCKS), None) is None and not any(_is_date(line) for line in lines):
        return [one_line(inner_text(anchor))]
    lines = [line for line in lines if not _is_date(line) and not says_nothing(line)]
    return sorted(lines, key=lambda line: len(line) < 12)


class Cards:
    """The cards of links of one kind. `anchors` gives each link's anchors; no card holds anchors of two of them."""

    def __init__(self, anchors: Sequence[Sequence[_Element]], others: Sequence[_Element] = ()) -> None:
        self._anchors = anchors
        self._owner: dict[_Element, int] = {}
        for number, group in enumerate(anchors):
            for anchor in group:
                self._mark(anchor, number)
        for anchor in others:
            self._mark(anchor, -1)
        self.tops = [self._top(group[0], number) for number, group in enumerate(anchors)]
        self._dates: list[str | None] | None = None

    def _mark(self, anchor: _Element, number: int) -> None:
        for n, one in enumerate((anchor, *islice(anchor.iterancestors(), 4 * _HIGHEST))):
            before = self._owner.get(one)
            if n and before == -1:
                return  # and so is all that is above it
            self._owner[one] = number if before in (None, number) else -1

    def _top(self, anchor: _Element, number: int) -> _Element:
        top = anchor
        for above in islice(anchor.iterancestors(), _HIGHEST):
            if above.tag in _ENDS or self._owner.get(above) != number:
                break
            top = above
        return top

    def headline(self, number: int) -> str:
        """What the card says its story is, where the link's own words do not: its heading, what is told to people who do
        not see it, or its first line that is no date.
        """
        top = self.tops[number]
        for heading in top.iter(*HEADINGS):
            if (text := one_line(inner_text(heading))) and not dates.date_line(text):
                return text
        for anchor in self._anchors[number]:
            for label in (anchor.get("aria-label"), anchor.get("title")):
                text = _ABOUT.sub("", one_line(label or ""), count=1)
                if text and not says_nothing(text):
                    return text
        if (text := self._heading_beside(number)) and (number or self._heading_beside(len(self.tops) - 1)):
            return text
        lines = [one for one in _lines(top) if len(one) > 3 and not says_nothing(one) and not dates.date_line(one)]
        named = next((one for one in lines if len(one) >= 12), lines[0] if lines else "")
        return named or next((one_line(image.get("alt") or "") for image in top.iter("img") if image.get("alt")), "")

    def _heading_beside(self, number: int) -> str:
        """The heading before a card; above the first one may stand that of the whole list."""
        for beside in self._beside(number, forward=False):
            if beside.tag in HEADINGS[1:]:
                return one_line(inner_text(beside))
        return ""

    def text(self, number: int, title: str) -> int:
        """How many letters of the card are not its headline, some hundred at most."""
        return len(one_line(opening_text(self.tops[number], 400))) - len(title)

    def pictured(self, number: int) -> bool:
        return next(self.tops[number].iter("img", "picture"), None) is not None

    def date(self, number: int) -> str | None:
        """The date printed on the card, or beside it where cards have no box of their own; else that of the day's
        heading above.
        """
        if self._dates is None:
            self._dates = self._all_dates()
        return self._dates[number]

    def _all_dates(self) -> list[str | None]:
        inside = [_printed(top) for top in self.tops]
        if all(inside):
            return inside
        after = [None if date else self._date_beside(n, forward=True) for n, date in enumerate(inside)]
        before = [None if date else self._date_beside(n, forward=False) for n, date in enumerate(inside)]
        # In a run of dates and links without boxes the ends tell to which of the two a date belongs.
        beside = after if after[-1] or not before[0] else before
        if any(inside):
            beside = [one or other for one, other in zip(after, before, strict=True)]
        found = [date or other for date, other in zip(inside, beside, strict=True)]
        if not any(found):
            found = [self._date_above(number) for number in range(len(found))]
        elif beside is before and not any(inside):
            last = None
            for number, date in enumerate(found):
                same = number and self.tops[number].getparent() is self.tops[number - 1].getparent()
                found[number] = last = date or (last if same else None)
        return found

    def _beside(self, number: int, *, forward: bool) -> Iterator[_Element]:
        """The elements beside a card, up to those of the next one."""
        for one in islice(self.tops[number].itersiblings(preceding=not forward), _MOST_BESIDE):
            if one in self._owner:
                return
            if isinstance(one.tag, str):
                yield one

    def _date_beside(self, number: int, *, forward: bool) -> str | None:
        top = self.tops[number]
        if forward:
            text = top.tail
        else:
            before, above = top.getprevious(), top.getparent()
            text = before.tail if before is not None else above.text if above is not None else None
        if text and len(text) < 200 and _is_date(line := one_line(text)):
            return line
        return next((date for one in self._beside(number, forward=forward) if (date := _printed(one))), None)

    def _date_above(self, number: int) -> str | None:
        """A heading that is a day, above the list in which the card stands."""
        for above in islice(self.tops[number].iterancestors(), 3):
            for one in islice(above.itersiblings(preceding=True), 3):
                if one.tag in HEADINGS:
                    text = one_line(opening_text(one, _DATE_LENGTH))
                    return text if dates.date_line(text) else None
        return None


def _lines(top: _Element) -> Iterator[str]:
    for text in islice(top.itertext(), 400):
        if line := one_line(str(text)):
            yield line


def _printed(top: _Element) -> str | None:
    """The date of publication printed in an element."""
    for time in top.iter("time"):
        if (stamp := (time.get("datetime") or "")[:_LONGEST_STAMP]) and dates.find(stamp):
            return stamp
    for line in _lines(top):
        if _is_date(line):
            return line
    # The parts of a date may be elements of their own: <b>27</b> <i>March</i> <i>2021</i>.
    for one in islice(top.iter(), 400):
        if isinstance(one.tag, str) and len(one) and len(text := opening_text(one, 60)) < 60:
            line = one_line(" ".join(str(part) for part in one.itertext()) if text else "")
            if _is_date(line):
                return line
    return None


def _is_date(line: str) -> bool:
    if not 5 < len(line) < _DATE_LENGTH or not any(character.isdecimal() for character in line):
        return False
    found = dates.date_line(line)
    return found is not None and found.label != "modified"

"""From the blocks of a page's zone to the story: date lines, category words and furniture are told from the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element

from crawler import dates
from crawler.dates import PrintedDate, Yearless
from crawler.markdown import Block
from crawler.readers.furniture import is_category, is_dated_link, is_end, is_footer, is_furniture
from crawler.text import fold

_FLAGS = {"updatednewspost": "updated", "breakingnewspost": "breaking"}
_BY = re.compile(r"\W*(?i:(?:(?:posted|published|written|issued) )?by):? (?=[A-Z]|the )")
_UNSURE = 4  # from this place of `_order` on a date may be a clock's or another story's
_DATED = re.compile(r"\W*dated?\b\W*\d", re.I)
_LEAD = re.compile(r"\W*update\b", re.I)  # "UPDATE: 28 September 2020" begins a part of the story
_LABEL_ONLY = re.compile(
    r"\W*(?:date|(?:date |last |first )?(?:published|posted|issued|released|updated|modified)(?: on| date)?|release date|publication date)\W*",
    re.I,
)


@dataclass(slots=True)
class Story:
    """What the blocks of a page hold: the story, and the lines around it that say something else."""

    blocks: list[Block] = field(default_factory=list)
    standfirst: Block | None = None
    printed: PrintedDate | None = None
    printed_in: str = "page"
    unsure: bool = False
    labelled: list[tuple[PrintedDate, str]] = field(default_factory=list)
    yearless: Yearless | None = None
    timed: PrintedDate | None = None
    modified: PrintedDate | None = None
    tags: list[str] = field(default_factory=list)


class StoryReader:
    """Sorts the blocks of one page."""

    def __init__(
        self,
        title: str,
        extra: Sequence[re.Pattern[str]],
        inside: Callable[[_Element], bool],
        *,
        month_first: bool = False,
    ) -> None:
        self.title = fold(title)
        self.extra = extra
        self.inside = inside
        self.month_first = month_first
        self.story = Story()
        self._found: list[tuple[int, PrintedDate, str]] = []

    def read(self, found: Sequence[Block], headline: _Element | None) -> Story:
        """The story among the blocks of a zone, in the page's order."""
        start = next(
            (
                n
                for n, b in enumerate(found)
                if headline is not None
                and (b.element is headline or _within(b.element, headline) or self._shows(b, headline))
            ),
            None,
        )
        before, rest = (list(found[:start][-4:]), list(found[start + 1 :])) if start is not None else ([], list(found))
        members = [b for b in rest if self.inside(b.element)]
        if not members:
            members, rest = rest, []
        first = rest.index(members[0]) if rest and members else 0
        last = len(rest) - next((n for n, b in enumerate(reversed(rest)) if self.inside(b.element)), 0)
        for block in before:
            self._date(block, 1, "page")
        self._in_parts(before)
        if start is not None and "\n" in found[start].text:  # headline and date in one cell
            for line in found[start].text.split("\\\n"):
                if printed := self._line(line):
                    self._note(printed, 0, "page")
        parts = self._in_parts(rest[:first]) or self._in_parts(members[:3])
        members = [b for b in members if b not in parts]
        between = [
            b
            for b in _without_pairs(rest[:first])
            if b not in parts and not self._date(b, 0, "page") and not self._skip(b)
        ]
        self._standfirst(between)
        body = self._trim(members)
        for n, block in enumerate(rest[last:]):
            printed = self._line(block.plain)
            # A bare day right below the story is its own where no other is printed; further down it is another story's.
            if printed and (printed.label or (n == 0 and not self._found and not block.link_chars)):
                self._note(printed, 4, "page")
        self.story.blocks = body
        if self._found:
            best = min(self._found, key=lambda found: _order(*found[:2]))
            _, self.story.printed, self.story.printed_in = best
            self.story.unsure = _order(*best[:2])[0] >= _UNSURE
            self.story.labelled = [(one, place) for _, one, place in self._found if one.label == "published"]
        return self.story

    def _shows(self, block: Block, headline: _Element) -> bool:
        """Whether a block of bare text is the headline, which is part of it: `<td>Appeals<br><b>Headline</b></td>`."""
        return self.title in fold(block.plain) and _within(headline, block.element)

    def _line(self, text: str) -> PrintedDate | None:
        return dates.date_line(text, month_first=self.month_first)

    def _note(self, printed: PrintedDate, rank: int, place: str) -> None:
        if printed.label == "modified":
            self.story.modified = self.story.modified or printed
        elif printed.label != "rendered":
            self._found.append((rank, printed, place))

    def _date(self, block: Block, rank: int, place: str) -> bool:
        """Notes the date of a block beside the headline. Outside the story a short line may name an author or category as well."""
        printed = self._line(block.plain)
        if (
            printed is None
            and len(block.plain) <= 120
            and not block.plain.rstrip().endswith((".", "!", "?"))
            and dates.find(block.plain, month_first=self.month_first)
        ):
            where = dates.find(block.plain, month_first=self.month_first)
            label = dates.label_of(block.plain)
            if where and (label or len(block.plain) <= len(where.raw) + 60) and not block.level:
                printed = PrintedDate(where.day, where.at, where.raw, label, where.zoned)
        if printed:
            self._note(printed, rank, place)
        return printed is not None or self._yearless(block.plain, timed=rank > 0)

    def _yearless(self, text: str, *, timed: bool = False) -> bool:
        """Notes the first date without a year, which counts only where no whole date is printed. `timed`: only with its time."""
        found = dates.yearless(text)
        if found is not None and timed and not found.hour_minute:
            return False
        if found is not None and found.label not in ("modified", "rendered"):
            self.story.yearless = self.story.yearless or found
        return found is not None

    def _in_parts(self, lines: Sequence[Block]) -> Sequence[Block]:
        """The blocks of a date that stands in two or three of them: "18", "Dec", "14:23"."""
        for n, block in enumerate(lines):
            if len(block.plain.strip()) <= 2 and block.plain.strip().isdigit():
                for size in (4, 3, 2):
                    parts = lines[n : n + size]
                    text = " ".join(b.plain.strip() for b in parts)
                    if len(parts) < size or len(text) > 24:
                        continue
                    if printed := self._line(text):
                        self._note(printed, 0, "page")
                        return parts
                    if self._yearless(text):
                        return parts
        return ()

    def _skip(self, block: Block) -> bool:
        """Whether a line between headline and story is no part of it; flags and category words become tags."""
        text = block.plain.strip()
        if is_furniture(text, self.extra):
            if flag := _FLAGS.get(fold(text)):
                self.story.tags.append(flag)
            return True
        if is_category(text):
            self.story.tags.append(text.strip(" *_#").lower())
            return True
        return fold(text) == self.title or _LABEL_ONLY.fullmatch(text) is not None or not any(c.isalnum() for c in text)

    def _standfirst(self, between: Sequence[Block]) -> None:
        worded = [b for b in between if len(b.plain) > 40 and b.link_chars < 0.5 * len(b.plain)]
        self.story.standfirst = worded[0] if worded else None

    def _trim(self, members: list[Block]) -> list[Block]:
        """The story's own blocks: dates at its head and foot are noted and go, furniture goes, related news after it goes."""
        members = self._head(_without_pairs(members))
        members = self._midst(self._foot(members))
        kept: list[Block] = []
        related = False
        for n, block in enumerate(members):
            text = block.plain.strip()
            if kept and is_end(text) and _only_links(members[n + 1 :]):
                break
            if related and (block.item or block.link_chars) and is_dated_link(text):
                continue
            if is_furniture(text, self.extra) and not _heads_a_text(block, members[n + 1 : n + 2]):
                related = "related update" in text
                if flag := _FLAGS.get(fold(text)):
                    self.story.tags.append(flag)
                continue
            if block.text == "* * *" or any(c.isalnum() for c in text) or any(ord(c) > 0x2FFF for c in text):
                kept.append(block)
        ruled = [n for n, block in enumerate(kept) if block.text != "* * *"]
        return kept[ruled[0] : ruled[-1] + 1] if ruled else []

    def _head(self, members: list[Block]) -> list[Block]:
        """Takes title, dates and category words off the story's head. A date is looked for within its first lines."""
        if len(members) > 1 and not members[0].level and self._is_kicker(members[0]):
            members = members[1:]
        out: list[Block] = []
        looked = 0
        dated = False
        for n, block in enumerate(members):
            text = block.plain.strip()
            if looked < 4 and not _prose(text):
                printed = self._line(text) or (None if out or dated else _byline(block, self.month_first))
                # A running story prints each update's own day above it: only the first is the article's.
                last = out and n == len(members) - 1  # left to `_foot`
                if (
                    printed is not None
                    and (printed.label or not dated or not out)
                    and not (block.item and out)
                    and not last
                    and not _LEAD.match(text)
                ):
                    dated = True
                    self._note(printed, 2, "first line")
                    out = [b for b in out if not self._is_kicker(b)]
                    continue
                if not self._found and not out and not _LEAD.match(text) and self._yearless(text):
                    continue
                if n + 1 < len(members) and _LABEL_ONLY.fullmatch(text) and self._line(members[n + 1].plain):
                    continue
                if not out and block.level and fold(text) == self.title:
                    continue
            elif self._found:
                out.extend(members[n:])
                break
            if text and not is_furniture(text, self.extra):
                looked += 1
            out.append(block)
        return out

    def _is_kicker(self, block: Block) -> bool:
        """Whether a line at the very head or before the date is a category word, which then is a tag."""
        if is_category(block.plain.strip()):
            self.story.tags.append(block.plain.strip(" *_#").lower())
            return True
        return False

    def _foot(self, members: list[Block]) -> list[Block]:
        """Takes a date off the story's foot: always when it is labelled, else only where no other was found."""
        for n in range(len(members) - 1, max(len(members) - 4, 0), -1):
            printed = self._line(members[n].plain)
            if printed and (printed.label or not self._found) and not _LEAD.match(members[n].plain):
                self._note(printed, 3, "last line")
                return members[:n] + members[n + 1 :]
            unsure = dates.yearless(members[n].plain)
            if unsure and unsure.label == "published" and self._yearless(members[n].plain):
                return members[:n] + members[n + 1 :]
        return members

    def _midst(self, members: list[Block]) -> list[Block]:
        """Takes the one labelled date that stands amid the story ("Release date: 29/Dec/2020 11:57"), where no other was found."""
        if self._found or self.story.yearless:
            return members
        dated = [(block, on) for block in members if (on := self._line(block.plain)) and on.label == "published"]
        if not dated or len({on.day for _, on in dated}) > 1:
            return members
        self._note(dated[0][1], 3, "page")
        return [block for block in members if all(block is not one for one, _ in dated)]


def _without_pairs(found: list[Block]) -> list[Block]:
    """Blocks without a sender's line: "From:" and the names of organisations after it."""
    out: list[Block] = []
    sender = False
    for block in found:
        text = block.plain.strip()
        if sender and len(text) < 160 and not text.endswith("."):
            sender = False
            continue
        sender = text.lower() == "from:"
        if not sender:
            out.append(block)
    return out


def _byline(block: Block, month_first: bool) -> PrintedDate | None:
    """The date of a story's first line that else names only an author ("By the press office, 1 May 2020") or links to
    categories ("1 May 2020 | Robbery, Ravenquay").
    """
    text = block.plain.strip()
    if len(text) > 120 or text.endswith(("!", "?")) or (where := dates.find(text, month_first=month_first)) is None:
        return None
    others = sum(map(str.isalnum, text)) - sum(map(str.isalnum, where.raw))
    if _BY.match(text) or (block.link_chars and others <= block.link_chars):
        return PrintedDate(where.day, where.at, where.raw, dates.label_of(text), where.zoned)
    return None


def _order(rank: int, printed: PrintedDate) -> tuple[int, int]:
    """Which of a page's dates is the story's, best first: labelled above the story, bare there, labelled at its foot, and bare where
    a clock or another story's date could stand. "Dated" goes before "Date published", which moves on edits.
    """
    labelled = printed.label == "published"
    if rank <= 2:
        kind = (0 if _DATED.match(printed.raw) else 1) if labelled else 4 if rank == 1 else 2
    else:
        kind = 3 if labelled else 5
    return kind, rank


def _within(element: _Element, above: _Element) -> bool:
    return any(one is above for one in element.iterancestors())


def _prose(text: str) -> bool:
    return len(text) > 160


def _heads_a_text(block: Block, rest: Sequence[Block]) -> bool:
    """Whether a line that is also a footer's ("Terms and conditions") stands as a heading above sentences of the story."""
    if not is_footer(block.plain) or block.link_chars or not (block.level or block.text.startswith("**")) or not rest:
        return False
    below = rest[0].plain.strip()
    return len(below) > 60 and not rest[0].link_chars and below.endswith((".", ":", "!", "?"))


def _only_links(rest: Sequence[Block]) -> bool:
    """Whether what follows is a list of other stories rather than text: mostly links, or a few short lines."""
    words = sum(len(b.plain) for b in rest)
    return sum(b.link_chars for b in rest) >= 0.4 * words or all(len(b.plain) < 90 for b in rest)

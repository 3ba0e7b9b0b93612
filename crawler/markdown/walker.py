"""From elements to blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml.etree import _Element

from crawler.markdown import protected
from crawler.markdown.blocks import Block
from crawler.markdown.inline import HEADING_END, Run, escape, escape_line, evened, inline
from crawler.text import printable

BLOCK_TAGS = frozenset(
    """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu nav ol p pre section summary table
    tbody td tfoot th thead tr ul
    """.split()
)
DROPPED_TAGS = frozenset(
    """
    script style noscript template iframe svg math object embed button input select textarea option head
    nav img picture video audio source canvas map link meta title dialog
    """.split()
)
_LINKED = ("http", "https", "mailto", "tel")
_WHOLE = re.compile(r"https?://[a-z0-9.-]+/[A-Za-z0-9_./%~-]*")
_MAX_ELEMENTS = 60_000
_DEEPEST_PREFIX = 60  # lists and quotes nested deeper than anybody reads; each level repeats the marks of all above it


@dataclass(slots=True)
class _Place:
    """Where in the page the walker is: what the next block will be."""

    element: _Element
    level: int = 0
    prefix: str = ""
    marker: tuple[str, ...] = ()
    used: list[int] | None = None
    literal: bool = False


def blocks(root: _Element, base_url: str, skip: Callable[[_Element], bool]) -> list[Block]:
    """The blocks below an element in document order; subtrees for which `skip` is true are left out."""
    return _Walker(base_url, skip).walk(root)


class _Walker:
    """Walks elements with a stack of its own, so that no depth of nesting can exhaust Python's."""

    def __init__(self, base_url: str, skip: Callable[[_Element], bool]) -> None:
        self.base_url = base_url
        self.skip = skip
        self.found: list[Block] = []
        self.runs: list[Run] = []
        self.numbers: dict[_Element, int] = {}

    def walk(self, root: _Element) -> list[Block]:
        place = _Place(root)
        stack: list[tuple[str, _Element | None, _Place, Run]] = [("open", root, place, Run(""))]
        seen = 0
        while stack:
            step, element, place, style = stack.pop()
            if step == "flush":
                self.flush(place)
                continue
            assert element is not None
            if step == "tail":
                if element.tail:
                    self.add(element.tail, place, style)
                continue
            seen += 1
            if seen > _MAX_ELEMENTS:
                break
            self.open(element, place, style, stack)
        self.flush(place if not stack else _Place(root))
        return self.found

    def open(
        self, element: _Element, place: _Place, style: Run, stack: list[tuple[str, _Element | None, _Place, Run]]
    ) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in DROPPED_TAGS or self.skip(element):
            return
        if tag == "br":
            self.runs.append(Run("\n"))
            return
        if tag == "hr":
            self.flush(place)
            if not place.marker or place.used:  # "* * * *" is a rule and no item
                self.found.append(Block("* * *", "", element, prefix=place.prefix))
            return
        if tag == "table" and (rows := list(table_rows(element))):
            self.flush(place)
            self.table(rows, element, place)
            return
        inner = place
        if tag in BLOCK_TAGS or ("-" in tag and _is_block(element)):
            self.flush(place)
            inner = _enter(element, tag, place, self.numbers)
            stack.append(("flush", None, inner, style))
        elif tag in ("b", "strong"):
            style = Run("", True, style.italic, style.href)
        elif tag in ("i", "em"):
            style = Run("", style.bold, True, style.href)
        elif tag == "a":
            style = Run("", style.bold, style.italic, self.target(element) or style.href)
        if tag in ("a", "span") and (code := element.get("data-cfemail")) is not None:
            shown = protected.address(code)
            href = f"mailto:{shown}" if shown else None
            self.runs.append(Run(shown or protected.UNKNOWN, style.bold, style.italic, href or style.href))
            return
        if element.text:
            self.add(element.text, inner, style)
        if len(element):
            for child in reversed(element):
                if child.tail:
                    stack.append(("tail", child, inner, style))
                stack.append(("open", child, inner, style))

    def add(self, text: str, place: _Place, style: Run) -> None:
        if place.literal:
            lines = text.split("\n")
            for n, line in enumerate(lines):
                if n:
                    self.runs.append(Run("\n"))
                self.runs.append(Run(line, style.bold, style.italic, style.href))
        else:
            self.runs.append(Run(text, style.bold, style.italic, style.href))

    def target(self, element: _Element) -> str | None:
        href = (element.get("href") or "").strip()
        if not href or href.startswith("#"):
            return None
        if _WHOLE.fullmatch(href) and "/cdn-cgi/" not in href:  # most links, and joining one costs more than writing it
            return href
        if protected.is_hidden(href):
            shown = protected.address(href)
            return f"mailto:{shown}" if shown else None
        try:
            url = urljoin(self.base_url, href)
        except ValueError:
            return None
        return printable(url) if url.split(":", 1)[0].lower() in _LINKED else None

    def flush(self, place: _Place) -> None:
        """Ends a block: its runs become paragraphs, one for each stretch between empty lines."""
        runs, self.runs = self.runs, []
        if not runs or all(run.text.isspace() for run in runs):
            return
        if len(runs) == 1 and runs[0].text != "\n":
            if alone := evened(runs):
                self.paragraph([alone], place)
            return
        paragraph: list[list[Run]] = []
        line: list[Run] = []
        for run in [*runs, Run("\n"), Run("\n")]:
            if run.text != "\n":
                line.append(run)
                continue
            line = evened(line)
            if line:
                paragraph.append(line)
            elif paragraph:
                self.paragraph(paragraph, place)
                paragraph = []
            line = []

    def paragraph(self, lines: list[list[Run]], place: _Place) -> None:
        if (
            len(lines) == 1
            and len(lines[0]) == 1
            and (only := lines[0][0])
            and not (only.bold or only.italic or only.href)
        ):
            text = escape(only.text)
            self.block(HEADING_END.sub(r"\#", text) if place.level else escape_line(text), only.text, place, 0)
            return
        texts = [
            inline(line if not place.level else evened([Run(r.text, False, r.italic, r.href) for r in line]))
            for line in lines
        ]
        plain = " ".join("".join(run.text for run in line) for line in lines)
        if place.level:
            text = HEADING_END.sub(r"\#", " ".join(t for t in texts if t))
        else:
            text = "\\\n".join(escape_line(t) for t in texts if t)
        links = sum(len(run.text) for line in lines for run in line if run.href)
        self.block(text, plain, place, links)

    def block(self, text: str, plain: str, place: _Place, links: int) -> None:
        self.found.append(Block(text, plain, place.element, place.level, self.marker(place), place.prefix, links))

    def marker(self, place: _Place) -> str:
        """The mark of the list item that begins with this block, or ''."""
        if not place.marker or place.used is None or place.used:
            return ""
        place.used.append(1)
        return place.marker[0]

    def table(self, rows: list[list[_Element]], element: _Element, place: _Place) -> None:
        for caption in element.iterchildren("caption"):
            self.found.extend(_Walker(self.base_url, self.skip).walk(caption))
        width = max(len(row) for row in rows)
        for n, row in enumerate(rows):
            cells = [self.cell(cell) for cell in row] + [("", "")] * (width - len(row))
            text = "| " + " | ".join(text for text, _ in cells) + " |"
            if n == 0:
                text += "\n|" + " --- |" * width
            plain = " ".join(plain for _, plain in cells if plain)
            self.found.append(Block(text, plain, element, marker=self.marker(place), prefix=place.prefix))

    def cell(self, element: _Element) -> tuple[str, str]:
        inside = _Walker(self.base_url, self.skip).walk(element)
        return " ".join(b.text for b in inside).replace("\\\n", " ").replace("|", "\\|"), " ".join(
            b.plain for b in inside
        )


def _is_block(custom: _Element) -> bool:
    """Whether a custom element is laid out as a block: nothing but its content can tell."""
    return next(custom.iterchildren("br", *BLOCK_TAGS), None) is not None


def _first(ordered: _Element) -> int:
    start = ordered.get("start") or ""
    return int(start) if re.fullmatch("[0-9]{1,7}", start) else 1


def _enter(element: _Element, tag: str, place: _Place, numbers: dict[_Element, int]) -> _Place:
    """What blocks inside a block element are. `numbers` are the last numbers of ordered lists."""
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return _Place(element, int(tag[1]), place.prefix, place.marker, place.used)
    if tag in ("blockquote", "li") and len(place.prefix) > _DEEPEST_PREFIX:
        return _Place(element, 0, place.prefix)
    if tag == "blockquote":
        if place.marker and not place.used:
            return _Place(element, 0, place.prefix + "> ", (place.marker[0] + "> ",), place.used)
        return _Place(element, 0, place.prefix + "> ")
    if tag == "pre":
        return _Place(element, 0, place.prefix, place.marker, place.used, literal=True)
    if tag == "li":
        parent = element.getparent()
        marker = " * "
        if parent is not None and parent.tag == "ol":
            numbers[parent] = numbers.get(parent, _first(parent) - 1) + 1
            marker = f" {numbers[parent]}. "
        outside = place.prefix
        if place.marker and not place.used:  # an item that begins with a list says nothing of its own
            outside = outside[: -len(place.marker[0])]
        return _Place(element, 0, outside + " " * len(marker), (marker,), [])
    return _Place(element, place.level, place.prefix, place.marker, place.used, place.literal)


def table_rows(table: _Element) -> Iterator[list[_Element]]:
    """The rows of a table of data. None for a table that only lays out a page: one column, or blocks in its cells while it names
    no head of its rows or columns.
    """
    if next(table.iterdescendants("table"), None) is not None:
        return
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return
    if not any(cell.tag == "th" and cell.get("scope") for row in rows for cell in row):
        for row in rows:
            for cell in row:
                if sum(1 for _ in cell.iterdescendants("p", "div", "ul", "ol", "h1", "h2", "h3")) > 1:
                    return
    yield from rows

"""A page's elements as Markdown blocks: headings, lists, bold, italics, links, quotes and tables are kept, and what a page's
text holds of Markdown's own marks is escaped (CommonMark 0.31). Own code, because a record's bytes are a contract: another
library's upgrade would show up as thousands of edits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from urllib.parse import urljoin

from lxml.etree import _Element

from crawler.text import printable

BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
DROPPED_TAGS = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "svg",
        "math",
        "object",
        "embed",
        "button",
        "input",
        "select",
        "textarea",
        "option",
        "head",
        "nav",
        "img",
        "picture",
        "video",
        "audio",
        "source",
        "canvas",
        "map",
        "link",
        "meta",
        "title",
        "dialog",
    ]
)
_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_MARKS = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|~~")
_MAY_MARK = re.compile(r"[\\`*\[\]<_&~]")
_LINE_START = re.compile(r"#{1,6}|>|[-+](?=\s|$)|[-:]+(?=[\s|:-]*$)|={1,}(?=\s*$)|\d{1,9}(?=[.)](?:\s|$))|~{3,}|\|")
_HEADING_END = re.compile(r"(?:^|(?<= ))#(?=#*$)")
_BANG_LINK = re.compile(r"(?<!\\)!(?=\[)")
_STOPS_BEFORE = re.compile(r"(?:\\.|[^\w\s\\\[])+\s*")
_STOPS_AFTER = re.compile(r"\s*(?:\\.|[^\w\s\\])+$")
_LINKED = ("http", "https", "mailto", "tel")
_MAX_ELEMENTS = 60_000
_DEEPEST_PREFIX = 60  # lists and quotes nested deeper than anybody reads; each level repeats the marks of all above it


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list item, row of a table or rule. `text` is Markdown, `plain` its words, `element` where it began."""

    text: str
    plain: str
    element: _Element
    level: int = 0
    marker: str = ""
    prefix: str = ""
    link_chars: int = 0

    @property
    def item(self) -> bool:
        return bool(self.marker)


@dataclass(slots=True)  # not frozen: a page makes hundreds, and freezing is half of what one costs
class _Run:
    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None


@dataclass(slots=True)
class _Place:
    """Where in the page the walker is: what the next block will be."""

    element: _Element
    level: int = 0
    prefix: str = ""
    marker: tuple[str, ...] = ()
    used: list[int] | None = None
    literal: bool = False


def escape(text: str) -> str:
    """Text with Markdown's inline marks escaped."""
    return _MARKS.sub(lambda m: "\\" + m[0], text) if _MAY_MARK.search(text) else text


def escape_line(text: str) -> str:
    """A line that cannot be taken for a heading, list item, quote or rule: '#OpSceptre', '1. x', '- x', '===='."""
    found = _LINE_START.match(text)
    if not found:
        return text
    return f"{text[: found.end()]}\\{text[found.end() :]}" if found[0][0].isdigit() else "\\" + text


def blocks(root: _Element, base_url: str, skip: Callable[[_Element], bool]) -> list[Block]:
    """The blocks below an element in document order; subtrees for which `skip` is true are left out."""
    return _Walker(base_url, skip).walk(root)


def render(found: list[Block]) -> str:
    """Blocks as one Markdown text that ends in one newline; '' for none."""
    parts: list[str] = []
    before: Block | None = None
    numbers: dict[int, int] = {}
    for block in found:
        lead = block.prefix[: len(block.prefix) - len(block.marker)] + block.marker if block.marker else block.prefix
        lines = block.text.split("\n")
        if block.level:
            text = lead + "#" * block.level + " " + " ".join(lines)
        else:
            text = "\n".join((lead if n == 0 else block.prefix) + line for n, line in enumerate(lines)).replace(
                "\n" + block.prefix + "\n", "\n\n"
            )
        if before is not None:
            close = (before.item and block.item and _continues(block, numbers)) or (
                before.text[:1] == "|" and block.text[:1] == "|" and before.element is block.element
            )
            parts.append("\n" if close else f"\n{_quote_of(before, block)}\n")
        parts.append(text)
        if block.marker:
            numbers[len(block.prefix) - len(block.marker)] = _number(block)
        before = block
    return "".join(parts) + "\n" if parts else ""


def _continues(block: Block, numbers: Mapping[int, int]) -> bool:
    """Whether an item can stand right below other text: an ordered list that does not begin with 1 needs an empty line above
    its first item. `numbers` are the last items' by their place in the line.
    """
    number = _number(block)
    return number in (0, 1, numbers.get(len(block.prefix) - len(block.marker), -1) + 1)


def _number(block: Block) -> int:
    found = re.match(r" *(\d+)", block.marker)
    return int(found[1]) if found else 0


def _quote_of(before: Block, block: Block) -> str:
    """An empty line inside one quote still carries the quote's mark; else the quote would end and begin anew."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before.prefix, block.prefix, strict=False)))
    return block.prefix[: block.prefix.rfind(">", 0, shared) + 1] if shared else ""


class _Walker:
    """Walks elements with a stack of its own, so that no depth of nesting can exhaust Python's."""

    def __init__(self, base_url: str, skip: Callable[[_Element], bool]) -> None:
        self.base_url = base_url
        self.skip = skip
        self.found: list[Block] = []
        self.runs: list[_Run] = []
        self.numbers: dict[_Element, int] = {}

    def walk(self, root: _Element) -> list[Block]:
        place = _Place(root)
        stack: list[tuple[str, _Element | None, _Place, _Run]] = [("open", root, place, _Run(""))]
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
        self, element: _Element, place: _Place, style: _Run, stack: list[tuple[str, _Element | None, _Place, _Run]]
    ) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in DROPPED_TAGS or self.skip(element):
            return
        if tag == "br":
            self.runs.append(_Run("\n"))
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
        if tag in BLOCK_TAGS:
            self.flush(place)
            inner = _enter(element, tag, place, self.numbers)
            stack.append(("flush", None, inner, style))
        elif tag in ("b", "strong"):
            style = _Run("", True, style.italic, style.href)
        elif tag in ("i", "em"):
            style = _Run("", style.bold, True, style.href)
        elif tag == "a":
            style = _Run("", style.bold, style.italic, self.target(element) or style.href)
        if element.text:
            self.add(element.text, inner, style)
        if len(element):
            for child in reversed(element):
                if child.tail:
                    stack.append(("tail", child, inner, style))
                stack.append(("open", child, inner, style))

    def add(self, text: str, place: _Place, style: _Run) -> None:
        if place.literal:
            lines = text.split("\n")
            for n, line in enumerate(lines):
                if n:
                    self.runs.append(_Run("\n"))
                self.runs.append(_Run(line, style.bold, style.italic, style.href))
        else:
            self.runs.append(_Run(text, style.bold, style.italic, style.href))

    def target(self, element: _Element) -> str | None:
        href = (element.get("href") or "").strip()
        if not href or href.startswith("#"):
            return None
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
        paragraph: list[list[_Run]] = []
        line: list[_Run] = []
        for run in [*runs, _Run("\n"), _Run("\n")]:
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

    def paragraph(self, lines: list[list[_Run]], place: _Place) -> None:
        if (
            len(lines) == 1
            and len(lines[0]) == 1
            and (only := lines[0][0])
            and not (only.bold or only.italic or only.href)
        ):
            text = escape(only.text)
            self.block(_HEADING_END.sub(r"\#", text) if place.level else escape_line(text), only.text, place, 0)
            return
        texts = [
            inline(line if not place.level else evened([_Run(r.text, False, r.italic, r.href) for r in line]))
            for line in lines
        ]
        plain = " ".join("".join(run.text for run in line) for line in lines)
        if place.level:
            text = _HEADING_END.sub(r"\#", " ".join(t for t in texts if t))
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
    """The rows of a table of data. None for a table that only lays out a page: one column, or blocks in its cells."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    if len(rows) < 2 or max(len(row) for row in rows) < 2 or next(table.iterdescendants("table"), None) is not None:
        return
    for row in rows:
        for cell in row:
            if sum(1 for _ in cell.iterdescendants("p", "div", "ul", "ol", "h1", "h2", "h3")) > 1:
                return
    yield from rows


def _spaced(text: str) -> str:
    """Text with one blank for each run of white space but line ends."""
    if text.isprintable() and "  " not in text:  # the blank is the only white space that counts as printable
        return text
    return _SPACE.sub(" ", printable(text))


def evened(runs: list[_Run]) -> list[_Run]:
    """Runs of one line with white space evened across them, and neighbours of one style joined."""
    if len(runs) == 1:
        run = runs[0]
        text = _spaced(run.text).strip(" ")
        return [_Run(text, run.bold, run.italic, run.href)] if text else []
    out: list[_Run] = []
    for run in runs:
        text = _spaced(run.text)
        if not out or out[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            continue
        style = (run.bold, run.italic, run.href)
        if out and (text == " " or style == (out[-1].bold, out[-1].italic, out[-1].href)):
            last = out[-1]
            out[-1] = _Run(last.text + text, last.bold, last.italic, last.href)
        elif out and not out[-1].text.strip():
            out[-1] = _Run(out[-1].text + text, *style)
        else:
            out.append(_Run(text, *style))
    if out:
        last = out[-1]
        text = last.text.rstrip(" ")
        out = [*out[:-1], _Run(text, last.bold, last.italic, last.href)] if text else out[:-1]
    return out


def inline(runs: list[_Run]) -> str:
    """One line of Markdown. Bold spans its links and italics, so that '**a [b](c) d**' is one stretch."""
    out = ""
    n = 0
    while n < len(runs):
        end = n + 1
        if runs[n].bold:
            while end < len(runs) and runs[end].bold:
                end += 1
        after = runs[end].text[:1] if end < len(runs) else ""
        if runs[n].bold:
            marked = _marked(_styled(runs[n:end], "*", "*"), "**", out[-1:], after, runs[n : end : max(end - n - 1, 1)])
            out += marked or _styled(runs[n:end], out[-1:], after)
        else:
            out += _styled(runs[n:end], out[-1:], after)
        n = end
    return _BANG_LINK.sub(r"\\!", out.strip()) if "![" in out else out.strip()


def _styled(runs: Sequence[_Run], before: str, after: str) -> str:
    """Runs with italics and links; `before` and `after` are the characters around them."""
    out = ""
    for k, run in enumerate(runs):
        out += _plain_run(run, runs[k + 1].text[:1] if k + 1 < len(runs) else after, out[-1:] or before)
    return out


def _plain_run(run: _Run, after: str, before: str) -> str:
    core = run.text.strip(" ")
    if not core:
        return run.text
    head = run.text[: len(run.text) - len(run.text.lstrip(" "))]
    tail = run.text[len(run.text.rstrip(" ")) :]
    text = escape(core)
    if run.italic:
        around = ("[", "]") if run.href else (head or before, tail or after)
        text = _marked(text, "_", *around) or text
    if run.href:
        text = f"[{text}]({_destination(run.href)})"
    return head + text + tail


def _marked(text: str, mark: str, before: str, after: str, ends: Sequence[_Run] = ()) -> str:
    """Text between marks of emphasis that CommonMark will read as such: never beside a blank inside, nor between a stop and a
    letter. Empty where no such marks can stand. `ends` are the first and last run, whose own marks cannot be cut.
    """
    core = text.strip(" ")
    head, tail = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    if not head and _letter(before):
        if ends and (ends[0].href or ends[0].italic):
            return ""
        if stop := _STOPS_BEFORE.match(core):
            head, core = stop[0], core[stop.end() :]
        mark = "*" if mark == "_" and not head else mark
    if not tail and _letter(after):
        if ends and (ends[-1].href or ends[-1].italic):
            return ""
        if stop := _STOPS_AFTER.search(core):
            core, tail = core[: stop.start()], stop[0]
        mark = "*" if mark == "_" and not tail else mark
    beside = (not head and before == "*") or (mark == "*" and not tail and after == "*")
    if not any(c.isalnum() for c in core) or (mark != "_" and beside):
        return ""
    return f"{head}{mark}{core}{mark}{tail}"


def _letter(char: str) -> bool:
    """Whether a character beside a mark of emphasis is neither blank nor punctuation, as CommonMark counts them."""
    return char != "" and not char.isspace() and unicodedata.category(char)[0] not in "PS"


def _destination(href: str) -> str:
    href = href.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20").replace("\n", "").replace("\\", "%5C")
    return f"<{href}>" if "(" in href or ")" in href else href

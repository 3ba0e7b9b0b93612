"""Blocks, and how they stand below each other in one text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from lxml.etree import _Element


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

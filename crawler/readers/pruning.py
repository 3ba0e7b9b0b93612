"""What stands among a story's paragraphs and is no part of it: captions, author boxes, links to other stories, comments.

A page's editor writes paragraphs, headings and lists side by side; what a template puts between or below them stands in an
element of its own, has a name that says what it is, or holds links and labels and no sentence. A story without a sentence
is left as it is: "Have you seen John?" may be all there is.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element

from crawler.markdown import Block
from crawler.readers.boxes import path, without_boxes, without_cards, without_named, without_sign_ups
from crawler.readers.furniture import is_end
from crawler.readers.lines import is_byline, is_comments, is_copyright, is_label, is_prose
from crawler.readers.names import comments_by_name
from crawler.text import fold

_ENOUGH = 200  # characters of a story before its comments


def prune(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks of a story without what was put among them. `story` is the element that holds them."""
    if not any(is_prose(b) for b in blocks):
        return list(blocks)
    kept = _without_comments(blocks, story)
    kept = without_named(kept, story)
    kept = without_cards(kept, story)
    kept = without_boxes(kept, story)
    kept = without_sign_ups(kept, story)
    kept = [b for b in _without_bylines(kept) if not is_label(b)]
    if not any(is_prose(b) for b in kept):
        return list(blocks)
    return _closed(kept)


def _without_comments(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks before what readers wrote: by the name of its element, or from a line that says "5 comments"."""
    before = 0
    beside: set[_Element | None] = set()  # what holds paragraphs: a line among them is the story's own
    for n, block in enumerate(blocks):
        if before >= _ENOUGH and (
            (block.element is not story and block.element.getparent() not in beside and is_comments(block.plain))
            or any(comments_by_name(e) for e in path(block.element, story))
        ):
            return list(blocks[:n])
        if is_prose(block):
            before += len(block.plain)
            beside.add(block.element.getparent())
    return list(blocks)


def _without_bylines(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without an author's line at the head, and a notice of copyright at the foot."""
    kept = list(blocks)
    for n, block in enumerate(kept[:3]):
        if is_byline(block.plain):
            del kept[n]
            break
    while len(kept) > 1 and is_copyright(kept[-1].plain):
        kept.pop()
    return kept


def _closed(blocks: list[Block]) -> list[Block]:
    """Blocks that do not end in "Related news:" with nothing below, nor hold the same links twice."""
    seen: dict[str, int] = {}
    for block in blocks:
        if block.link_chars > 0.8 * len(block.plain):
            key = fold(block.plain)
            seen[key] = seen.get(key, 0) + 1
    kept = [b for b in blocks if not (b.link_chars > 0.8 * len(b.plain) and seen[fold(b.plain)] > 2)]
    while len(kept) > 1 and (kept[-1].text == "* * *" or (kept[-1].level and is_end(kept[-1].plain.strip()))):
        kept.pop()
    return kept

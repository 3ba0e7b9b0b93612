"""What stands among a story's paragraphs and is no part of it: captions, author boxes, links to other stories, comments.

A page's editor writes paragraphs, headings and lists side by side; what a template puts between or below them stands in an
element of its own, has a name that says what it is, or holds links and labels and no sentence. A story without a sentence
is left as it is: "Have you seen John?" may be all there is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.etree import _Element

from crawler.markdown import Block
from crawler.readers.furniture import is_end
from crawler.readers.names import aside_by_name, comments_by_name
from crawler.text import fold

_ENOUGH = 200  # characters of a story before its comments
_STOPS = (".", "!", "?", ":", "…", '."', '!"', '?"', ".”", "!”", "?”", ".’", "”", "。", "！", "？", "」")
_EDITED = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "dl", "hr", "li")
_COMMENTS = re.compile(
    r"\W*(?:(?:\d+\W+)?(?:reader|visitor|user|your|all|view|show|latest)\W?s? comments|\d+\W{1,4}(?:comments?|comentarios?|commentaires?|kommentare?)\b.{0,50}"
    r"|comments \(?\d+\)?|(?:join the (?:discussion|conversation)|leave a (?:comment|reply)|post a comment|have your say|add your comment)\b.{0,60}"
    r"|blog comments powered by .{3,30})\W*",
    re.I,
)
_BY = re.compile(r"\W*(?i:by|text by|posted by|written by):? (?:the )?[^\W\d_a-z][^.!?:;]{1,60}")
_LABEL = re.compile(
    r"\W*(?:advertise?ments?|advert|sponsored|publicité|publicidad|anzeige|werbung|reklama|(?:story|article) continues below(?: ad.{0,12})?"
    r"|scroll (?:down )?(?:to|for) .{3,30}|(?:click here to )?read or share this story.{0,80}|loading\W*)\W*",
    re.I,
)
_ELSEWHERE = re.compile(
    r"\W*(?:read (?:more|also|next)|also read|related(?: (?:story|stories|article|news))?|recommended|don.t miss)\s*[:|–—-].+",
    re.I,
)
_CREDIT = re.compile(
    r"(?:.{0,80}(?:[/|(]|via |by |photo(?:graph)?s?:? ?|image:? ?|credit:? ?|courtesy(?: of)? ) ?)?(?:getty(?: images)?|reuters|afp|shutterstock|alamy|istock)\b.{0,40}",
    re.I,
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d\d(?!\d)")
_COPYRIGHT = re.compile(r".{0,60}©.*|.{0,40}copyright \W?\d{4}.*", re.I)


def prune(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks of a story without what was put among them. `story` is the element that holds them."""
    if not any(_is_prose(b) for b in blocks):
        return list(blocks)
    kept = _without_comments(blocks, story)
    kept = _without_named(kept, story)
    kept = _without_boxes(kept, story)
    kept = [b for b in _without_bylines(kept) if not _is_label(b)]
    if not any(_is_prose(b) for b in kept):
        return list(blocks)
    return _closed(kept)


def _is_label(block: Block) -> bool:
    """Whether a line is a template's own: an advertisement's, an agency's below a picture, a pointer to another story."""
    text = block.plain.strip()
    if len(text) > 160:
        return False
    if _LABEL.fullmatch(text) or (2 * block.link_chars > len(text) and _ELSEWHERE.fullmatch(text)):
        return True
    return len(text) < 90 and not text.endswith(".") and _CREDIT.fullmatch(text) is not None


def is_byline(text: str) -> bool:
    """Whether a line says who wrote a story: "By Jane Writer, crime correspondent"."""
    return len(text) < 70 and _BY.fullmatch(text.strip()) is not None


def is_caption(block: Block, zone: _Element) -> bool:
    """Whether a block below `zone` stands in what names itself a caption, an author box and the like."""
    return any(e.tag == "figcaption" or aside_by_name(e) for e in _path(block.element, zone))


def _is_prose(block: Block) -> bool:
    """Whether a block is a sentence rather than a label or a link."""
    if block.level or 2 * block.link_chars > len(block.plain):
        return False
    text = block.plain.rstrip()
    return len(text) >= 80 or (len(text) >= 25 and text.endswith(_STOPS))


def _path(element: _Element, story: _Element) -> list[_Element]:
    """An element and those above it, below the story's own."""
    path: list[_Element] = []
    node: _Element | None = element
    while node is not None and node is not story:
        path.append(node)
        node = node.getparent()
    return path


def _without_comments(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks before what readers wrote: by the name of its element, or from a line that says "5 comments"."""
    before = 0
    beside: set[_Element | None] = set()  # what holds paragraphs: a line among them is the story's own
    for n, block in enumerate(blocks):
        if before >= _ENOUGH and (
            (
                len(block.plain) < 90
                and block.element is not story
                and block.element.getparent() not in beside
                and _COMMENTS.fullmatch(block.plain.strip())
            )
            or any(comments_by_name(e) for e in _path(block.element, story))
        ):
            return list(blocks[:n])
        if _is_prose(block):
            before += len(block.plain)
            beside.add(block.element.getparent())
    return list(blocks)


def _without_named(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks outside elements that name themselves captions, tags, author boxes. Where half of the story's sentences
    stand under one such element its name means something else.
    """
    under: list[_Element | None] = []
    size: dict[_Element, int] = {}
    total = 0
    for block in blocks:
        named = None
        for element in _path(block.element, story):
            if element.tag == "figcaption" or aside_by_name(element):
                named = element
        under.append(named)
        words = len(block.plain) if _is_prose(block) else 0
        total += words
        if named is not None:
            size[named] = size.get(named, 0) + words
    return [b for b, named in zip(blocks, under, strict=True) if named is None or 2 * size[named] > total]


def _without_boxes(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks outside boxes of labels and links: elements beside the paragraphs in which no sentence stands."""
    around: set[_Element] = {story}
    for block in blocks:
        if _is_prose(block):
            around.update(_path(block.element, story))
    boxes: dict[_Element, list[Block]] = {}
    place: list[_Element | None] = []
    for block in blocks:
        box = None
        if not _is_prose(block):
            for element in _path(block.element, story):
                if element in around:
                    break
                box = element
        place.append(box)
        if box is not None:
            boxes.setdefault(box, []).append(block)
    first = next(n for n, b in enumerate(blocks) if _is_prose(b)) if len(around) > 1 else 0
    above = {box for box in place[:first] if box is not None}
    bad = {
        box
        for box, inside in boxes.items()
        if _is_box(box, inside) or (box in above and box.tag not in _EDITED and _is_stamp(inside))
    }
    kept: list[Block] = []
    for block, box in zip(blocks, place, strict=True):
        if box is not None and box in bad:
            while kept and is_end(kept[-1].plain.strip()):  # "More news:" above the links
                kept.pop()
            continue
        kept.append(block)
    return kept


def _is_box(box: _Element, inside: Sequence[Block]) -> bool:
    """Whether an element without a sentence is no part of a story: most of it links, or labels without a value."""
    if box.tag in _EDITED or (box.tag in ("ul", "ol") and not (box.get("class") or box.get("id"))):
        return False
    words = sum(len(b.plain) for b in inside)
    if sum(b.link_chars for b in inside) > 0.6 * words:
        return len(inside) > 1 or box.tag not in ("ul", "ol")
    return len(inside) > 2 and all(len(b.plain) < 40 and sum(map(str.isdigit, b.plain)) < 4 for b in inside)


def _is_stamp(inside: Sequence[Block]) -> bool:
    """Whether a box above a story's first sentence says when it was written, in whatever language."""
    return (
        len(inside) < 4
        and all(len(b.plain) < 70 for b in inside)
        and any(_CLOCK.search(b.plain) is not None for b in inside)
    )


def _without_bylines(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without an author's line at the head, and a notice of copyright at the foot."""
    kept = list(blocks)
    for n, block in enumerate(kept[:3]):
        if is_byline(block.plain):
            del kept[n]
            break
    while len(kept) > 1 and len(kept[-1].plain) < 250 and _COPYRIGHT.fullmatch(kept[-1].plain.strip()):
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

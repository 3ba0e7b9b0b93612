"""Elements among a story's paragraphs that hold no part of it: known by name, by what stands in them, or by standing there twice."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element

from crawler.markdown import Block
from crawler.readers.furniture import is_end
from crawler.readers.lines import has_clock, is_prose
from crawler.readers.names import aside_by_name

_EDITED = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "dl", "hr", "li")
_DEEPEST = 120
_CARDS = ("div", "li", "article", "section", "td", "aside")


def is_caption(block: Block, zone: _Element) -> bool:
    """Whether a block below `zone` stands in what names itself a caption, an author box and the like."""
    return any(e.tag == "figcaption" or aside_by_name(e) for e in path(block.element, zone))


def below_heading(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a page that nowhere shows its headline, without those above its first heading of level 1 that stand outside of
    what holds this: a banner, a notice. Above a heading amid a text stands its beginning.
    """
    first = next((n for n, block in enumerate(blocks) if block.level == 1), 0)
    around = blocks[first].element.getparent() if first else None
    if around is None or 2 * sum(len(b.plain) for b in blocks[:first]) > sum(len(b.plain) for b in blocks):
        return list(blocks)
    return [b for n, b in enumerate(blocks) if n >= first or around in b.element.iterancestors()]


def path(element: _Element, story: _Element) -> list[_Element]:
    """An element and those above it, below the story's own."""
    above: list[_Element] = []
    node: _Element | None = element
    while node is not None and node is not story and len(above) < _DEEPEST:
        above.append(node)
        node = node.getparent()
    return above


def without_named(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks outside elements that name themselves captions, tags, author boxes. Where half of the story's sentences
    stand under one such element its name means something else.
    """
    under: list[_Element | None] = []
    size: dict[_Element, int] = {}
    total = 0
    for block in blocks:
        named = None
        for element in path(block.element, story):
            if element.tag == "figcaption" or aside_by_name(element):
                named = element
        under.append(named)
        words = len(block.plain) if is_prose(block) else 0
        total += words
        if named is not None:
            size[named] = size.get(named, 0) + words
    return [b for b, named in zip(blocks, under, strict=True) if named is None or 2 * size[named] > total]


def without_boxes(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks outside boxes of labels and links: elements beside the paragraphs in which no sentence stands."""
    around: set[_Element] = {story}
    for block in blocks:
        if is_prose(block):
            around.update(path(block.element, story))
    boxes: dict[_Element, list[Block]] = {}
    place: list[_Element | None] = []
    for block in blocks:
        box = None
        if not is_prose(block):
            for element in path(block.element, story):
                if element in around:
                    break
                box = element
        place.append(box)
        if box is not None:
            boxes.setdefault(box, []).append(block)
    first = next(n for n, b in enumerate(blocks) if is_prose(b)) if len(around) > 1 else 0
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
    """Whether a box above a story's first sentence says when it was written, in whatever language. What happened is told in
    sentences there, or as a list of headings: "The incident happened on Saturday at around 7.10pm."
    """
    return (
        len(inside) < 4
        and all(len(b.plain) < 70 for b in inside)
        and any(has_clock(b.plain) for b in inside)
        and not any((b.item and b.level) or _is_sentence(b.plain) for b in inside)
    )


def _is_sentence(text: str) -> bool:
    return text.rstrip().endswith((".", "!", "?")) and len(text.split()) > 5


def without_cards(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks outside cards, which introduce other pages: a heading that is a link, and below it a sentence or two. One alone is
    taken for a card only after the story's last sentence.
    """
    heads = [b for b in blocks if b.level and b.link_chars > 0.8 * len(b.plain)]
    if not heads:
        return list(blocks)
    asked = {id(head) for head in heads}
    near = {next((e for e in path(head.element, story) if e.tag in _CARDS), None) for head in heads}
    held: dict[_Element, list[Block]] = {}
    paths = [path(b.element, story) for b in blocks]
    for block, above in zip(blocks, paths, strict=True):
        for element in above:
            if element in near:
                held.setdefault(element, []).append(block)
    cards = {card: sum(len(b.plain) for b in inner) for card, inner in held.items() if id(inner[0]) in asked}
    inside = [any(element in cards for element in above) for above in paths]
    others = [n for n, b in enumerate(blocks) if is_prose(b) and not inside[n]]
    total = sum(len(b.plain) for b in blocks)
    if not others or 2 * sum(cards.values()) > total or (len(cards) == 1 and inside.index(True) < others[-1]):
        return list(blocks)
    return [b for n, b in enumerate(blocks) if not inside[n]]


def without_sign_ups(blocks: Sequence[Block], story: _Element) -> list[Block]:
    """The blocks outside boxes that ask for an e-mail address, unless they hold a number to call or much of the story."""
    inputs = [e for e in story.iter("input") if e.get("type") == "email"][:3]
    if not inputs:
        return list(blocks)
    total = sum(len(b.plain) for b in blocks)
    bad: set[_Element] = set()
    for element in inputs:
        for box in path(element, story):
            inside = [b for b in blocks if box in path(b.element, story)]
            if 4 * sum(len(b.plain) for b in inside) > total:
                break
            if not any(sum(map(str.isdigit, b.plain)) > 2 for b in inside):
                bad.add(box)
    return [b for b in blocks if bad.isdisjoint(path(b.element, story))]

"""A diff as a person reads it: the words of the Markdown, what does not count evened out, paragraphs that stayed left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from storage.changes import Words, normalise
from storage.marks import words
from storage.segments import DELETE, EQUAL, INSERT, Segment, segments

Paragraph = list[Segment]

_BREAK = re.compile(r"\s*\n\s*\n\s*")
_TAGS = {DELETE: "del", INSERT: "ins"}
_FIELDS = {"title": "strong", "description": "em"}


def shown(old: Words, new: Words) -> dict[str, list[Paragraph]]:
    """The fields of which a reader sees a difference, as paragraphs. Marks and link targets are not shown: they are no change."""
    fields = {
        "title": (old.title, new.title),
        "description": (old.description or "", new.description or ""),
        "body": (words(old.body), words(new.body)),
    }
    found = {name: list(paragraphs(evened(segments(a.strip(), b.strip())))) for name, (a, b) in fields.items()}
    return {name: parts for name, parts in found.items() if any(map(_differs, parts))}


def evened(pieces: Iterable[Segment]) -> Iterator[Segment]:
    """Takes what was replaced by something that says the same (the shape of a quote, other white space) for equal."""
    waiting: Segment | None = None
    for piece in pieces:
        if waiting is None:
            if piece.op == DELETE:
                waiting = piece
            else:
                yield from _evened("", piece.text, piece)
            continue
        if piece.op == INSERT:
            yield from _evened(waiting.text, piece.text, waiting, piece)
        else:
            yield from _evened(waiting.text, "", waiting)
            yield piece
        waiting = None
    if waiting is not None:
        yield from _evened(waiting.text, "", waiting)


def _evened(gone: str, came: str, *pieces: Segment) -> Iterator[Segment]:
    # Between two letters, because white space that parts two words counts, however much of it there is.
    if pieces[0].op == EQUAL or normalise(f"x{gone}x") != normalise(f"x{came}x"):
        yield from pieces
    elif came:
        yield Segment(EQUAL, came)


def paragraphs(pieces: Iterable[Segment]) -> Iterator[Paragraph]:
    """The pieces cut where the text has an empty line."""
    paragraph: Paragraph = []
    for piece in pieces:
        first, *more = _BREAK.split(piece.text)
        if first:
            paragraph.append(Segment(piece.op, first))
        for text in more:
            if paragraph:
                yield paragraph
            paragraph = [Segment(piece.op, text)] if text else []
    if paragraph:
        yield paragraph


def _differs(paragraph: Paragraph) -> bool:
    return any(piece.op != EQUAL for piece in paragraph)


def differing(parts: Sequence[Paragraph]) -> Iterator[Paragraph | None]:
    """The paragraphs that differ, and None for each run of others."""
    left_out = False
    for paragraph in parts:
        if _differs(paragraph):
            left_out = False
            yield paragraph
        elif not left_out:
            left_out = True
            yield None


def html(old: Words, new: Words) -> str:
    """What differs as HTML, a <p> for each paragraph in which something does, with <ins> and <del>; all else of it is escaped
    text. The title is <strong>, the description <em>, '[…]' stands for paragraphs that stayed. '' where a reader sees no difference.
    """
    return "".join(
        f"<p>{_wrapped(name, paragraph)}</p>"
        for name, parts in shown(old, new).items()
        for paragraph in differing(parts)
    )


def _wrapped(name: str, paragraph: Paragraph | None) -> str:
    text = "[…]" if paragraph is None else "".join(map(_tagged, paragraph))
    tag = _FIELDS.get(name)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _tagged(piece: Segment) -> str:
    text = escape(piece.text, quote=False).replace("\n", "<br/>")
    tag = _TAGS.get(piece.op)
    return f"<{tag}>{text}</{tag}>" if tag else text

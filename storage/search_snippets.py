"""The part of a text in which something was found, and the hits in it.

SQLite's own index marks them, in memory and of the texts of one page alone: whatever database the store is in, what is marked is
what was found, stems, accents and phrases included.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from storage.marks import words
from storage.references import reference_key
from storage.search_index import TOKENIZER
from storage.search_words import Run, Term, fts5_of, parted

Segments = list[tuple[str, bool]]

_WORDS = 32  # of a snippet
_LONGEST = 100_000  # characters of a text in which hits are marked
_BEGIN, _END = "\x02", "\x03"  # in no stored text: `storage.text` takes control characters out


def marked(
    terms: Sequence[Term | Run], texts: Sequence[tuple[int, Mapping[str, Any]]]
) -> dict[int, tuple[Segments, Segments]]:
    """By the numbers of texts (with `title`, `description`, `body` in Markdown, `references`): the title with its hits marked, and
    the part of the story that has most of them, or its beginning.
    """
    plain = {number: (_line(text["title"]), _line(_story(text))) for number, text in texts}
    spelled = {reference for _, text in texts for reference in text["references"]}
    query = " OR ".join(fts5_of([term]) for term in _apart(terms, spelled))
    found = _hits(query, plain) if query else {}
    others = [number for number in plain if number not in found]  # found by a reference that they have in no text
    return found | {number: (_whole(plain[number][0]), _beginning(plain[number][1])) for number in others}


def _hits(query: str, plain: Mapping[int, tuple[str, str]]) -> dict[int, tuple[Segments, Segments]]:
    found: dict[int, tuple[Segments, Segments]] = {}
    memory = sqlite3.connect(":memory:")
    try:
        memory.execute(f"CREATE VIRTUAL TABLE page USING fts5(title, story, quoted, tokenize='{TOKENIZER}')")
        memory.executemany(
            "INSERT INTO page(rowid, title, story, quoted) VALUES (?, ?, ?, '')",
            [(number, title[:_LONGEST], story[:_LONGEST]) for number, (title, story) in plain.items()],
        )
        hits = memory.execute(
            "SELECT rowid, highlight(page, 0, ?1, ?2), snippet(page, 1, ?1, ?2, '…', ?3) FROM page WHERE page MATCH ?4",
            (_BEGIN, _END, _WORDS, query),
        )
        for number, title, story in hits:
            found[number] = _segments(title), _segments(story)
    finally:
        memory.close()
    return found


def _apart(terms: Sequence[Term | Run], spelled: set[str]) -> list[Term]:
    """Each term by itself, as any of them is a hit; of a reference, all the ways in which these texts write it."""
    found: list[Term] = []
    for term in terms:
        found += term.terms if isinstance(term, Run) else [term]
        if term.key:
            found += [Term(tuple(parted(each))) for each in spelled if reference_key(each) == term.key]
    return [term for term in found if term.words]


def _story(text: Mapping[str, Any]) -> str:
    """The standfirst, where it is not how the story begins, and the story, without Markdown's marks."""
    body, description = words(text["body"]), text["description"] or ""
    return body if " ".join(description.split()) in " ".join(body[:2000].split()) else f"{description} {body}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _whole(text: str) -> Segments:
    return [(text, False)] if text else []


def _beginning(story: str) -> Segments:
    parts = story[: _WORDS * 40].split(" ", _WORDS)
    whole = len(parts) <= _WORDS and len(story) <= _WORDS * 40
    text = " ".join(parts[:_WORDS])
    return _whole(text if whole or not text else f"{text}…")


def _segments(text: str) -> Segments:
    """The pieces of a text between marks; a text may begin or end within a hit."""
    found: Segments = []
    for part in text.split(_BEGIN):
        hit, end, rest = part.partition(_END)
        if end:
            found += [(hit, True), (rest, False)]
        else:
            found.append((part, False))
    return [(piece, is_hit) for piece, is_hit in found if piece]

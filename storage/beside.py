"""Lines that stand beside a story: pictures' titles and other short labels, which come and go while the story stays.

UK forces' pages print them among the paragraphs ("CCTV 2", a person's name), and a site that changes how it shows pictures
drops them all in one night.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from storage.changes import Words, changed_fields, normalise

_MOST_WORDS = 5
_STOP = re.compile(r"""[.!?:;,…]["')\]]*$""")
_ITEM = re.compile(r"\s*(?:[*+-]|\d{1,3}\.)\s")
_DIGIT = re.compile(r"\d")
_PICTURE_NUMBER = re.compile(r"\b0\d+\b")
# A note of two words may be what the page is read for: "Found safe", "Appeal closed".
_TELLING = re.compile(
    r"\b(?:found|located|traced|safe|well|died|dead|deceased|cancelled|withdrawn|closed|concluded|reopened|identified|resolved|stood down)\b",
    re.I,
)


def weighed(old: Words, new: Words) -> tuple[list[str], bool]:
    """The fields that say something else, in order, and whether the change is a minor one: nothing differs but lines beside the
    story. Where title or description changed as well, such a body is not among the fields.
    """
    fields = changed_fields(old, new)
    if "body" not in fields or not differ_beside(old.body, new.body):
        return fields, False
    others = [name for name in fields if name != "body"]
    return (others, False) if others else (fields, True)


def differ_beside(old: str, new: str) -> bool:
    """Whether two bodies in Markdown differ in nothing but lines of up to five words without a stop, which came or went.

    An item of a list that a colon announces is the story's, and so is a line that tells an end ("Found safe"). A line whose
    digits alone are others was not swapped for another one but corrected: every digit counts. It is a picture's number where
    it begins with a nought ("Appeal 03").
    """
    before, after = list(_lines(old)), list(_lines(new))
    told = [text for text, beside in before if not beside]
    if not told or " ".join(told) != " ".join(text for text, beside in after if not beside):
        return False
    were, are = (Counter(text for text, beside in lines if beside) for lines in (before, after))
    gone, came = were - are, are - were
    if any(_TELLING.search(line) for line in (*gone, *came)):
        return False
    return not {*_without_digits(gone)} & {*_without_digits(came)}


def _lines(body: str) -> Iterator[tuple[str, bool]]:
    """The lines of a text, normalised, each with whether it stands beside the story."""
    announced = False
    for line in body.split("\n"):
        text = normalise(line, markdown=True)
        if not text:
            continue
        item = _ITEM.match(line) is not None
        announced = text.endswith(":") or (announced and item)
        yield text, len(text.split()) <= _MOST_WORDS and not _STOP.search(text) and not (announced and item)


def _without_digits(lines: Iterable[str]) -> Iterator[str]:
    return (_DIGIT.sub("", line) for line in lines if _DIGIT.search(line) and not _PICTURE_NUMBER.search(line))

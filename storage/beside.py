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
_LONGEST = 100  # characters; words have no more
_STOP = re.compile(r"""[.!?:;,…]["')\]]*$""")
_ITEM = re.compile(r"\s*(?:[*+-]|\d{1,3}\.)\s")
_DIGITS = re.compile(r"\d+")
_MONTH = r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
_DAY = re.compile(rf"\d.*{_MONTH}|{_MONTH}.*\d", re.I)
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

    An item of a list that a colon announces is the story's, and so is a line that tells an end ("Found safe"). A line that is
    there again with another figure, or with one other word of three or more, did not go but was corrected, and every digit and letter
    counts; unless the figure numbers pictures ("Appeal 03", "Picture 2" below "Picture 1") or the line is a day's.
    """
    before, after = list(_lines(old)), list(_lines(new))
    told = [text for text, beside in before if not beside]
    if not told or " ".join(told) != " ".join(text for text, beside in after if not beside):
        return False
    were, are = (Counter(text for text, beside in lines if beside) for lines in (before, after))
    gone, came = were - are, are - were
    if any(_TELLING.search(line) for line in (*gone, *came)):
        return False
    numbered = {stem for lines in (were, are) for stem, count in Counter(map(_stem, lines)).items() if count > 1}
    return not _corrections(gone, numbered) & _corrections(came, numbered)


def _lines(body: str) -> Iterator[tuple[str, bool]]:
    """The lines of a text, normalised, each with whether it stands beside the story."""
    announced = False
    for line in body.split("\n"):
        text = normalise(line, markdown=True)
        if not text:
            continue
        item = _ITEM.match(line) is not None
        announced = text.endswith(":") or (announced and item)
        short = len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS
        yield text, short and not _STOP.search(text) and not (announced and item)


def _stem(line: str) -> str:
    return _DIGITS.sub("#", line)


def _corrections(lines: Iterable[str], numbered: set[str]) -> set[str]:
    """What lines may be known by once they were corrected: each with its figures left open, and with each of its words."""
    found: set[str] = set()
    for line in lines:
        stem = _stem(line)
        if stem in numbered or _PICTURE_NUMBER.search(line) or _DAY.search(line):
            continue
        if stem != line:
            found.add(stem)
        words = line.split()
        if len(words) > 2:
            found.update(" ".join([*words[:n], "\0", *words[n + 1 :]]) for n in range(len(words)))
    return found

"""What the store holds against what the pages said, field by field, with the worst examples by URL alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from storage.records import Precision, Record
from tests.archive.truth import Truth
from tests.archive.words import markdown_text, one_line, page_html, plain_text, words

LONDON = ZoneInfo("Europe/London")
BOUNDS = {
    "url": 1.0,
    "title": 0.995,
    "description": 0.995,
    "day": 0.995,
    "minute": 0.995,
    "words kept": 0.995,
    "furniture gone": 0.98,
    "words added": 0.005,
}
_EMPTY_EMPHASIS = re.compile(r"[\s*_\\]*[*_][\s*_\\]*")
_RULE = "* * *"


@dataclass(slots=True)
class Tally:
    """Good ones of so many, and the pages where it was worst."""

    good: float = 0
    of: float = 0
    bad: list[tuple[float, str]] = field(default_factory=list)

    def count(self, good: float, of: float, url: str) -> None:
        self.good += good
        self.of += of
        if good < of:
            self.bad.append((of - good, url))

    @property
    def share(self) -> float:
        return self.good / self.of if self.of else 1.0

    def worst(self, count: int = 3) -> list[str]:
        return [url for _, url in sorted(self.bad, key=lambda pair: (-pair[0], pair[1]))[:count]]


def compared(pages: Sequence[Truth], stored: Mapping[str, Record]) -> dict[str, Tally]:
    """A tally a field. `stored` are the records of one source by the path of their URL."""
    tallies = {name: Tally() for name in BOUNDS}
    by_path = {unquote(path): record for path, record in stored.items()}
    for truth in pages:
        record = by_path.pop(unquote(truth.path), None)
        tallies["url"].count(record is not None, 1, truth.path)
        if record is not None:
            _compare(truth, record, tallies)
    for path in by_path:
        tallies["url"].count(0, 1, path)
    return tallies


def path_of(url: str) -> str:
    """The path of a URL on the newsroom: its host and port are different at each run."""
    return urlsplit(url).path


def _compare(truth: Truth, record: Record, tallies: Mapping[str, Tally]) -> None:
    url = truth.path
    tallies["title"].count(one_line(record.title) == truth.title, 1, url)
    tallies["description"].count(one_line(record.description) == truth.description, 1, url)
    at = record.published_at
    tallies["day"].count((at.astimezone(LONDON).date() if at else None) == truth.day, 1, url)
    if truth.minute is not None:
        exact = at == truth.minute and record.published_precision is Precision.MINUTE
        tallies["minute"].count(exact, 1, url)
    story = plain_text(page_html(f"{truth.parts.story}\n\n{truth.parts.below}"))
    text = markdown_text(record.body)
    wanted, found = Counter(words(story)), Counter(words(text))
    total = wanted.total()
    tallies["words kept"].count((wanted & found).total(), total, url)
    added = (found - wanted).total()
    tallies["words added"].good += added
    tallies["words added"].of += total
    if added:
        tallies["words added"].bad.append((added, url))
    _furniture(truth, record.body, story, text, tallies["furniture gone"])


def _furniture(truth: Truth, body: str, story: str, text: str, tally: Tally) -> None:
    lines = [line for line in (truth.parts.date, *truth.parts.furniture) if words(line)]
    lines += [f"{on} {title}" for on, title in truth.parts.related]
    held, wanted = _run(text), _run(story)
    gone = sum(held.count(_run(line)) <= wanted.count(_run(line)) for line in lines)
    empty = sum(1 for line in truth.parts.story.split("\n") if _empty(line))
    left = min(empty, sum(1 for line in body.split("\n") if _empty(line)))
    tally.count(gone + empty - left, len(lines) + empty, truth.path)


def _empty(line: str) -> bool:
    return bool(_EMPTY_EMPHASIS.fullmatch(line)) and line.strip("> ") != _RULE


def _run(text: str) -> str:
    return f" {' '.join(words(text))} "

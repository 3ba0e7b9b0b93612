"""What each way of reading says of pairs of pages, and whether ours says enough and no more."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.page_pairs import Pair, Reading, page
from storage.changes import Words, changed_fields

SEEN = 0.96  # of the pairs whose words changed
FALSE = 0.01  # of the pairs that are noise
_ORDER = ("content/text", "content/links-or-markup", "technical/text", "technical/links-or-markup", "noise")


@dataclass(slots=True)
class Answers:
    """What one way of reading says of each pair, by its line: the fields that differ. `unread`: a page of it was refused."""

    fields: dict[int, list[str]] = field(default_factory=dict)
    unread: set[int] = field(default_factory=set)

    def seen(self, pairs: Sequence[Pair]) -> list[Pair]:
        return [pair for pair in pairs if self.fields.get(pair.line)]


def judged(folder: Path, pairs: Sequence[Pair], reading: Reading) -> Answers:
    """Each pair read and compared. A page that cannot be read makes no change: a crawl has nothing to compare then."""
    known: dict[tuple[str, str], Words | None] = {}
    answers = Answers()
    for n, pair in enumerate(pairs):
        if sys.stderr.isatty():
            print(f"\r{n + 1} of {len(pairs)}", end="", file=sys.stderr)
        texts = []
        for name in (pair.before, pair.after):
            if (name, pair.url) not in known:
                known[name, pair.url] = reading(page(folder, name), pair.url)
            texts.append(known[name, pair.url])
        old, new = texts
        if old is None or new is None:
            answers.unread.add(pair.line)
        else:
            answers.fields[pair.line] = changed_fields(old, new)
    return answers


def groups(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """The pairs by label and kind, those that are bounded first and last."""
    found: dict[str, list[Pair]] = {name: [] for name in _ORDER}
    for pair in pairs:
        found.setdefault(pair.group, []).append(pair)
    return {name: of for name, of in found.items() if of}


def agreed(noise: Sequence[Pair], answers: dict[str, Answers]) -> list[Pair]:
    """The noise pairs in which every way of reading, ours among them, finds other words: they are no noise, whatever their label."""
    found = list(noise)
    for one in answers.values():
        found = one.seen(found)
    return found if len(answers) > 2 else []


def passed(pairs: Sequence[Pair], answers: dict[str, Answers]) -> bool:
    """Whether ours reaches both bounds. Where all ways of reading are there, what all of them see is no false alarm."""
    of = groups(pairs)
    text, noise, ours = of.get("content/text", []), of.get("noise", []), answers["forcewire"]
    alarms = len(ours.seen(noise)) - len(agreed(noise, answers))
    return len(ours.seen(text)) >= SEEN * len(text) and alarms <= FALSE * len(noise)

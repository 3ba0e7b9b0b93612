"""Which words of a text went, came and stayed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from storage.alignment import Effort, align

EQUAL, DELETE, INSERT = "equal", "delete", "insert"

_PARAGRAPH = re.compile(r"[^\n]+\n*|\n+")
# White space and what follows it: a number, date, address or hyphenated word is one word, '...' one mark. The last one is empty.
_WORD = re.compile(r"(\s*+)(\w++(?:[-.,:/'’@&]\w++)*+|([^\w\s])\3*+|\Z)")
_DIGIT = re.compile(r"\d")
_STRAY = 2  # so few words that stayed within a passage that was rewritten say nothing


class Segment(NamedTuple):
    """A piece of text: equal, delete or insert."""

    op: str
    text: str


def segments(old: str, new: str) -> list[Segment]:
    """The pieces of two texts in order: of what was replaced first what went, then what came. The equal and deleted ones are
    the old text, the equal and inserted ones the new one, letter by letter. Takes bounded time: beyond it less is equal.
    """
    effort = Effort()
    a, b = _PARAGRAPH.findall(old), _PARAGRAPH.findall(new)
    steps = _Steps([])
    for block in align(a, b, effort):
        before = "".join(a[block.i : block.i_end])
        if block.equal:
            steps.keep(before)
        else:
            _add_words(steps, before, "".join(b[block.j : block.j_end]), effort)
    return list(_segments(_trimmed(_without_strays(steps.done))))


@dataclass(slots=True)
class _Step:
    """A stretch that stayed (`gone` and `came` empty), or one that was replaced."""

    same: str = ""
    gone: str = ""
    came: str = ""

    @property
    def size(self) -> int:
        return max(len(self.gone), len(self.came))


@dataclass(slots=True)
class _Steps:
    done: list[_Step]

    def keep(self, text: str) -> None:
        if not self.done or not self.done[-1].same:
            self.done.append(_Step())
        self.done[-1].same += text

    def replace(self, gone: str, came: str) -> None:
        if not self.done or self.done[-1].same:
            self.done.append(_Step())
        self.done[-1].gone += gone
        self.done[-1].came += came


def _add_words(steps: _Steps, old: str, new: str, effort: Effort) -> None:
    """Words are compared without the white space before them, which a paragraph set anew changes everywhere."""
    a = [(found[1], found[2]) for found in _WORD.finditer(old)]
    b = [(found[1], found[2]) for found in _WORD.finditer(new)]
    for block in align([word for _, word in a], [word for _, word in b], effort):
        if not block.equal:
            steps.replace(_text(a[block.i : block.i_end]), _text(b[block.j : block.j_end]))
            continue
        for (space, word), (other, _) in zip(a[block.i : block.i_end], b[block.j : block.j_end], strict=True):
            if space == other:
                steps.keep(space + word)
            else:
                steps.replace(space, other)
                steps.keep(word)


def _text(words: Iterable[tuple[str, str]]) -> str:
    return "".join(space + word for space, word in words)


def _without_strays(steps: list[_Step]) -> list[_Step]:
    """Takes into a change what stayed only because 'the' or a full stop stands in every text. A digit is never taken in."""
    done: list[_Step] = []
    for n, step in enumerate(steps):
        if done and not done[-1].same and step.same and n + 1 < len(steps) and _is_stray(done[-1], step, steps[n + 1]):
            done[-1].gone += step.same
            done[-1].came += step.same
        elif done and not done[-1].same and not step.same:
            done[-1].gone += step.gone
            done[-1].came += step.came
        else:
            done.append(step)
    return done


def _is_stray(before: _Step, step: _Step, after: _Step) -> bool:
    return (
        2 * len(step.same) <= min(before.size, after.size)
        and "\n" not in step.same
        and len(step.same.split()) <= _STRAY
        and not _DIGIT.search(step.same)
    )


def _trimmed(steps: Iterable[_Step]) -> Iterator[_Step]:
    """White space that both sides of a replacement begin or end with stayed."""
    for step in steps:
        if step.same or not step.gone.strip() or not step.came.strip():
            yield step
            continue
        start = _same_space(step.gone, step.came)
        gone, came = step.gone[start:], step.came[start:]
        end = _same_space(gone[::-1], came[::-1])
        yield _Step(same=step.gone[:start])
        yield _Step("", gone[: len(gone) - end], came[: len(came) - end])
        yield _Step(same=gone[len(gone) - end :])


def _same_space(a: str, b: str) -> int:
    n = 0
    for one, other in zip(a, b, strict=False):
        if one != other or not one.isspace():
            break
        n += 1
    return n


def _segments(steps: Iterable[_Step]) -> Iterator[Segment]:
    same = ""
    for step in steps:
        same += step.same
        if step.gone or step.came:
            if same:
                yield Segment(EQUAL, same)
            same = ""
        if step.gone:
            yield Segment(DELETE, step.gone)
        if step.came:
            yield Segment(INSERT, step.came)
    if same:
        yield Segment(EQUAL, same)

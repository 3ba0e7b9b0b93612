"""Two texts as a unified diff, as `diff -u` writes it and `patch` reads it (POSIX.1-2008, diff, "Diff -u Output Format")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storage.alignment import Block, Effort, align

_CONTEXT = 3  # lines
_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # no other character ends a line for patch


def unified(old: str, new: str, *, before: str = "before", after: str = "after") -> str:
    """The diff between two texts, '' where they are equal. Applied to the first it gives the second, whatever they hold: with
    `patch --binary` where a line ends in a carriage return. `before` and `after` name the two.
    """
    a, b = _LINE.findall(old), _LINE.findall(new)
    hunks = list(_hunks(align(a, b, Effort())))
    if not hunks:
        return ""
    lines = [f"--- {before}\n", f"+++ {after}\n"]
    for hunk in hunks:
        first, last = hunk[0], hunk[-1]
        lines.append(f"@@ -{_range(first.i, last.i_end)} +{_range(first.j, last.j_end)} @@\n")
        for block in hunk:
            if block.equal:
                lines += _marked(" ", a[block.i : block.i_end])
            else:
                lines += _marked("-", a[block.i : block.i_end])
                lines += _marked("+", b[block.j : block.j_end])
    return "".join(lines)


def _hunks(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Changes with the lines around them, those that are near each other together."""
    hunk: list[Block] = []
    for n, block in enumerate(blocks):
        if not block.equal:
            hunk.append(block)
            continue
        size = block.i_end - block.i
        first, last = n == 0, n == len(blocks) - 1
        if not first and not last and size <= 2 * _CONTEXT:
            hunk.append(block)
            continue
        if not first:
            end = min(_CONTEXT, size)
            hunk.append(block._replace(i_end=block.i + end, j_end=block.j + end))
            yield hunk
        start = min(_CONTEXT, size)
        hunk = [] if last else [block._replace(i=block.i_end - start, j=block.j_end - start)]
    if hunk:
        yield hunk


def _range(start: int, end: int) -> str:
    """A line number and a count; of no lines the number of the line before them."""
    count = end - start
    return f"{start + 1}" if count == 1 else f"{start + 1 if count else start},{count}"


def _marked(mark: str, lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"

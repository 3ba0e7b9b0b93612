"""Text with words that went and came: in colour at a terminal, with git's marks elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from storage.segments import Segment

# As `git diff --word-diff` writes them.
_MARKS = {"delete": ("[-", "-]"), "insert": ("{+", "+}")}
# Not struck out: a line through 3 or 8 hides which it was.
_STYLES = {"delete": "red", "insert": "green bold"}


class Printer:
    """Prints to stdout. Colours as rich decides: not in a pipe, not with NO_COLOR, not at a dumb terminal."""

    def __init__(self) -> None:
        from rich.console import Console

        console = Console(highlight=False)
        self._console = console if console.color_system and not console.no_color else None

    def line(self, text: str, *, style: str = "") -> None:
        """A line or several."""
        if self._console is None:
            click.echo(_plain(text))
            return
        from rich.text import Text

        self._console.print(Text(_plain(text), style=style))

    def pieces(self, pieces: Iterable[Segment], *, otherwise: str = "") -> None:
        """A paragraph; `otherwise` where there are no pieces."""
        parts = [part for piece in pieces for part in _parts(piece)]
        if not parts:
            self.line(otherwise, style="dim")
        elif self._console is None:
            click.echo("".join(text.join(_MARKS.get(op, ("", ""))) for op, text in parts))
        else:
            from rich.text import Text

            self._console.print(Text.assemble(*((text, _STYLES.get(op, "")) for op, text in _apart(parts))))


def _parts(piece: Segment) -> list[tuple[str, str]]:
    """What went or came without the white space around it, which is not marked."""
    text = _plain(piece.text)
    core = text.strip()
    if piece.op == "equal" or not core:
        return [(piece.op, text)]
    start = text.index(core)
    around = [("equal", text[:start]), (piece.op, core), ("equal", text[start + len(core) :])]
    return [(op, part) for op, part in around if part]


def _apart(parts: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """A blank between what went and what came in its place: '34' and '43' are no '3443'."""
    before = ""
    for op, text in parts:
        if before == "delete" and op == "insert":
            yield "equal", " "
        yield op, text
        before = op


def _plain(text: str) -> str:
    """Without characters that a terminal acts upon."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)

"""What happens in a newsroom and when: the rows of a truth table, and the ones that are still to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from forcewire.demo.events import Event

What = Literal["new", "edited", "removed", "restored", "moved", "minor", "none"]


@dataclass(frozen=True, slots=True)
class Happening:
    """A row of the truth table.

    `path` is the address that the story was published at, and names it for ever; None means the whole site. `what` a
    faithful monitor says of it, with the `fields` of an edit; "minor" may be told as minor or not at all, and "none" is
    nothing. `note` says which sort it is. `address`: where the story is read from then on, if it moved.
    """

    at: datetime
    site: str
    path: str | None
    what: What
    event: Event
    fields: tuple[str, ...] = ()
    note: str = ""
    address: str | None = None

    def __str__(self) -> str:
        fields = f" ({', '.join(self.fields)})" if self.fields else ""
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.site} {self.path or 'site'}: {self.what}{fields}: {self.note}"


class Schedule:
    """Happenings in the order of their moments, handed out as they fall due."""

    def __init__(self, happenings: Iterable[Happening] = ()) -> None:
        self._coming = sorted(happenings, key=lambda each: each.at)
        self._next = 0

    def due(self, to: datetime) -> list[Happening]:
        """What has happened until `to`, and was not handed out before."""
        start = self._next
        while self._next < len(self._coming) and self._coming[self._next].at <= to:
            self._next += 1
        return self._coming[start : self._next]

"""What a judge finds: how the changes that were told compare with what happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Protocol
from urllib.parse import urlsplit


class Told(Protocol):
    """A change as somebody tells it; `storage.reads.StoredChange` is one. `url` is any address of the story."""

    @property
    def change(self) -> str: ...
    @property
    def minor(self) -> bool: ...
    @property
    def source(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def fields(self) -> Sequence[str]: ...
    @property
    def at(self) -> datetime: ...


@dataclass(slots=True)
class Report:
    """What was told of what happened. The lists hold a line for each case; `delays` the time from a true event to the
    change that told of it. `idle` are minor changes of stories to which nothing had happened.
    """

    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    wrong_fields: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    minor: int = 0
    idle: list[str] = field(default_factory=list)
    folded: int = 0
    delays: dict[str, list[timedelta]] = field(default_factory=lambda: defaultdict(list))

    @property
    def faultless(self) -> bool:
        """Nothing missed, told twice, false or wrong. Late ones and idle minor ones are told apart from that."""
        return not (self.missed or self.doubled or self.false or self.wrong_fields)

    def median_delay(self, what: str) -> timedelta | None:
        """Half of the events of a sort were told of within this time."""
        times = [wait.total_seconds() for wait in self.delays.get(what, ())]
        return timedelta(seconds=median(times)) if times else None

    def __str__(self) -> str:
        found = ", ".join(f"{count} {what}" for what, count in sorted(self.found.items()))
        lines = [f"found {found or 'nothing'}; {self.minor} minor, {self.folded} folded into another"]
        for name in ("missed", "doubled", "false", "wrong_fields", "late", "idle"):
            cases: list[str] = getattr(self, name)
            lines += [f"{len(cases)} {name.replace('_', ' ')}"] + [f"    {case}" for case in cases]
        return "\n".join(lines)


def line_of(change: Told) -> str:
    """A told change in one line."""
    fields = f" ({', '.join(change.fields)})" if change.fields else ""
    minor = "minor " if change.minor else ""
    return f"{change.at:%Y-%m-%d %H:%M:%S} {change.source} {urlsplit(change.url).path}: told as {minor}{change.change}{fields}"

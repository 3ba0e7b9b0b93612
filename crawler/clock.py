"""A clock that may run faster than the machine's, and that another process can be given: a month of a service in an hour."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class FastClock:
    """Shows `shown` at the machine's time `at`, and runs `rate` times as fast. Both are aware UTC."""

    at: datetime
    shown: datetime
    rate: float = 1.0

    def __call__(self) -> datetime:
        """The time by this clock."""
        return self.shown + (datetime.now(UTC) - self.at) * self.rate

    def out(self) -> dict[str, Any]:
        """As another process is given it."""
        return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in asdict(self).items()}


def clock_in(plain: dict[str, Any] | None) -> FastClock | None:
    """The clock that another process gave; None where it gave none."""
    if plain is None:
        return None
    at, shown = (datetime.fromisoformat(plain[name]) for name in ("at", "shown"))
    return FastClock(at, shown, float(plain["rate"]))

"""How long the service waits for what."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """In seconds. `look`: at most until the schedule is looked at, sooner where something is due; `soonest`: at least.
    `publish`: after a crawl that changed something, so that the next ones are in it too. `alerts`, `care` (whether a backup,
    erasing or pruning is due), `retry` (a job that failed, at first; then longer, up to `longest_retry`). `aside`: how long a source
    waits that somebody else crawls.
    """

    look: float = 30.0
    soonest: float = 0.5
    publish: float = 3.0
    alerts: float = 60.0
    care: float = 60.0
    retry: float = 10.0
    longest_retry: float = 600.0
    aside: float = 20.0

    def faster(self, rate: float) -> Pauses:
        """For a clock that runs `rate` times as fast, yet none shorter than a twentieth of a second."""
        return Pauses(**{each.name: max(getattr(self, each.name) / rate, 0.05) for each in fields(self)})

    def after_failures(self, failures: int) -> float:
        """How long to wait after so many failures in a row."""
        return min(self.retry * 2.0 ** min(failures - 1, 30), self.longest_retry)

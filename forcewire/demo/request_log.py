"""What clients asked for: the tests' witness of politeness, validators and names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

MOST_KEPT = 500_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `at` is seconds of a monotonic clock, `at_once` how many requests of the host were open with it, `when`
    the newsroom's own time.
    """

    site: str
    method: str
    path: str
    status: int
    at: float
    at_once: int
    user_agent: str
    if_none_match: str | None
    if_modified_since: str | None
    accept_encoding: str
    when: datetime

    @property
    def conditional(self) -> bool:
        """Whether a validator was sent."""
        return self.if_none_match is not None or self.if_modified_since is not None


@dataclass(slots=True)
class RequestLog:
    """All requests in order of arrival, up to `MOST_KEPT`; `total` counts the rest as well."""

    entries: list[Asked] = field(default_factory=list)
    total: int = 0

    def add(self, asked: Asked) -> None:
        self.total += 1
        if len(self.entries) < MOST_KEPT:
            self.entries.append(asked)

    def clear(self) -> None:
        """Forget everything: a test's next step counts from nought."""
        self.entries = []
        self.total = 0

    def of(self, site: str | None = None, path: str | None = None, status: int | None = None) -> list[Asked]:
        """The requests of a site, for a path (with its query), with a status."""
        return [
            each
            for each in self.entries
            if (site is None or each.site == site)
            and (path is None or each.path == path)
            and (status is None or each.status == status)
        ]

    def by_path(self, site: str | None = None) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(each.path for each in self.of(site))

    def by_status(self, site: str | None = None) -> Counter[int]:
        """How often each status was given."""
        return Counter(each.status for each in self.of(site))

    def most_at_once(self, site: str) -> int:
        """The most requests of one host that were open at the same time. Needs a site that is slow to answer."""
        return max((each.at_once for each in self.of(site)), default=0)

    def gaps(self, site: str) -> list[float]:
        """Seconds between one request of a host and the next."""
        times = [each.at for each in self.of(site)]
        return [after - before for before, after in pairwise(times)]

    def user_agents(self, site: str | None = None) -> set[str]:
        """The names that clients gave."""
        return {each.user_agent for each in self.of(site)}

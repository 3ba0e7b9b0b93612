"""The same events, for somebody who looks at every listing and every watched page at one fixed interval each.

It notices a new story at the next look at its listing, and whatever happens to it at the next look at its page; a withdrawal an
hour after that, as the rule for removals has it. Looks while a site is broken see nothing. What is asked to confirm an edit or
a withdrawal is asked here too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from forcewire.demo.states import StoryLife

Event = tuple[str, str, str, datetime]  # what, site, path, since when it was so
Spots = Mapping[str, list[tuple[datetime, datetime]]]

_TO_CONFIRM = 3  # the page again, and two others beside it
_AFTER_REMOVAL = (
    36  # looks at a page that is gone: each wait twice as long as the one before, a day at most, for 30 days
)
_REMOVED_AFTER = timedelta(hours=1)


@dataclass(slots=True)
class Noticed:
    """When each event was noticed, and what it cost."""

    at: dict[Event, datetime] = field(default_factory=dict)
    requests: float = 0.0

    def delays(self, what: str, of: Iterable[Event]) -> list[timedelta]:
        """From the events of a sort to their notice, in order of length."""
        return sorted(self.at[event] - event[3] for event in of if event[0] == what)


@dataclass(slots=True, frozen=True)
class FixedPolling:
    """`listing` and `page`: the two intervals. `watch`: for so long after a story was last seen to change."""

    stories: Mapping[tuple[str, str], StoryLife]
    spots: Spots
    start: datetime
    end: datetime
    listing: timedelta
    watch: timedelta

    def notice(self, page: timedelta) -> Noticed:
        """What it notices with this interval between two looks at a page."""
        found = Noticed()
        sites = {site for site, _ in self.stories}
        found.requests = len(sites) * ((self.end - self.start) / self.listing)
        for (site, path), story in self.stories.items():
            self._follow(found, site, path, story, page)
        return found

    def _follow(self, found: Noticed, site: str, path: str, story: StoryLife, page: timedelta) -> None:
        phase = timedelta(seconds=Random(site).random() * self.listing.total_seconds())
        published = max(story.there[0].since, self.start)
        known = self._look(site, published, self.start + phase, self.listing)
        if known is None or not story.is_there(known) or (story.unlisted_at and story.unlisted_at <= known):
            return
        found.at["new", site, path, story.there[0].since] = known
        found.requests += 1
        gone = next((point.since for point in story.there if not point.value and point.since > known), None)
        last = known
        for n, point in enumerate(story.texts[1:], 1):
            until = min(story.texts[n + 1].since if n + 1 < len(story.texts) else self.end, gone or self.end)
            at = self._look(site, point.since, known, page) if point.since > known else None
            if at is None or at >= until or at - last > self.watch or point.row.what != "edited":
                continue
            found.at["edited", site, path, point.since] = last = at
            found.requests += _TO_CONFIRM
        watched_until = min(last + self.watch, self.end)
        if gone is not None and gone < watched_until:
            at = self._look(site, gone, known, page)
            back = next((point.since for point in story.there if point.value and point.since > gone), self.end)
            if at is not None and at + _REMOVED_AFTER < back:
                found.at["removed", site, path, gone] = at + _REMOVED_AFTER
                found.requests += _TO_CONFIRM + _AFTER_REMOVAL
                watched_until = at
        found.requests += max(0, math.floor((watched_until - known) / page))

    def _look(self, site: str, since: datetime, first: datetime, every: timedelta) -> datetime | None:
        """The first look from `since` on that finds the site well."""
        at = first + every * max(0, math.ceil((since - first) / every))
        while at < self.end:
            spot = next((ends for begins, ends in self.spots.get(site, ()) if begins <= at < ends), None)
            if spot is None:
                return at
            at = first + every * math.ceil((spot - first) / every)
        return None

    def tuned(self, requests: float) -> tuple[timedelta, Noticed]:
        """The interval with which it asks as often as that, within half a percent, and what it notices then."""
        least, most = timedelta(minutes=5), timedelta(days=60)
        for _ in range(40):
            page = (least + most) / 2
            found = self.notice(page)
            if abs(found.requests / requests - 1) < 0.005:
                break
            least, most = (page, most) if found.requests > requests else (least, page)
        return page, found

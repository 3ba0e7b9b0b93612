"""What somebody could see of a story, who looked at it now and then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from forcewire.demo.states import Looks, Point, StoryLife, between


@dataclass
class Sight:
    """Each question is answered with the moment at which it was plain to see, or None. `spots`: when the site was broken;
    `known_at`: when the story itself was noticed. Without `looks` somebody looks `patience` after each event.
    """

    story: StoryLife
    looks: Looks | None
    spots: list[tuple[datetime, datetime]]
    until: datetime
    patience: timedelta
    removed_after: timedelta
    known_at: datetime | None = None

    @property
    def began(self) -> datetime:
        """When somebody looked at the site's listing for the first time; what had happened before was no news by then."""
        listings = self.looks.listings.get(self.story.site) if self.looks else None
        return listings[0] if listings else datetime.min.replace(tzinfo=self.until.tzinfo)

    def seen(self, points: Sequence[Point[Any]], n: int) -> datetime | None:
        """When point `n` of the story's texts, presence or addresses was seen to be so."""
        if points is self.story.texts:
            return self.text(n)
        return self.there(n) if points is self.story.there else self.move(n)

    def new(self) -> datetime | None:
        """When a listing showed it."""
        story = self.story
        start = story.there[0].since
        ends = [self.until, *(point.since for point in story.there[1:2])]
        if story.unlisted_at is not None:
            ends.append(story.unlisted_at)
        return next(self._looked(start, min(ends), listing=True), None)

    def text(self, n: int) -> datetime | None:
        """When its page had these words."""
        looked = self._looked(*_span(self.story.texts, n, self.until))
        return next((at for at in looked if self.story.is_there(at)), None)

    def there(self, n: int) -> datetime | None:
        """When it was gone for the second time, or back."""
        span = _span(self.story.there, n, self.until)
        if self.story.there[n].value:
            return next(self._looked(*span), None)
        return self._twice(*span)

    def move(self, n: int) -> datetime | None:
        """When its page led elsewhere for the second time."""
        return self._twice(*_span(self.story.addresses, n, self.until))

    def _twice(self, start: datetime, end: datetime) -> datetime | None:
        looked = list(self._looked(start, end))
        return next((at for at in looked if at - looked[0] >= self.removed_after), None)

    def _looked(self, start: datetime, end: datetime, *, listing: bool = False) -> Iterator[datetime]:
        """When somebody looked between two times and the site was well. Nobody can see an edit before the story itself."""
        if self.known_at is not None and not listing:
            start = max(start, self.known_at)
        if self.looks is None:
            spots = [spot for spot in self.spots if spot[0] < start + self.patience and spot[1] > start]
            at = max([start, *(end for _, end in spots)]) + self.patience
            moments: Sequence[datetime] = [at, at + self.removed_after]
            moments = [moment for moment in moments if moment < end]
        else:
            of = (
                self.looks.listings.get(self.story.site, ())
                if listing
                else self.looks.pages.get((self.story.site, self.story.path), ())
            )
            moments = between(of, start, end)
        for moment in moments:
            if not any(begins <= moment < ends for begins, ends in self.spots):
                yield moment


def _span(points: Sequence[Point[Any]], n: int, until: datetime) -> tuple[datetime, datetime]:
    return points[n].since, min(points[n + 1].since if n + 1 < len(points) else until, until)

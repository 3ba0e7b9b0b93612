"""When things happen to whole sites: outages, banners, redesigns, and platforms that lose their pages for a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from forcewire.demo.accidents import Break, Mend, outages, platform_accidents
from forcewire.demo.articles import Banner, Site
from forcewire.demo.clock import Happening
from forcewire.demo.events import Event, Redesign, ShowBanner
from forcewire.demo.faults import Fault

_OUTAGES, _BANNERS, _REDESIGNS, _ACCIDENTS = 1 / 30, 1 / 120, 1 / 365, 1 / 15  # a day: of a site, the last of a fleet
_BANNER = timedelta(days=2)
_DAY = timedelta(days=1)
_BANNERS_SAY = (
    Banner("Severe weather warning", "Roads are closed across the county. Please travel only if you must."),
    Banner("101 is not working", "We are having trouble with our telephones. In an emergency call 999 as usual."),
    Banner("Major incident", "Stay away from the town centre. Close doors and windows and wait for news."),
)


def mishaps(sites: Sequence[Site], random: Random, start: datetime, end: datetime) -> Iterator[Happening]:
    """Rows for whole sites, all of them "none": what begins there ends before `end`. A fleet that plays for five days or more
    has one of each at least.
    """
    days = (end - start) / _DAY
    least = 1 if days >= 5 else 0
    kinds = outages()
    for site in _drawn(sites, _OUTAGES * days, least, random):
        name = random.choice(list(kinds))
        yield from _fault(
            [site], name, kinds[name], *_span(random, start, end, timedelta(hours=random.uniform(0.5, 9)))
        )
    for site in _drawn(sites, _BANNERS * days, least, random):
        begins, ends = _span(random, start, end, _BANNER)
        yield _row(begins, ShowBanner(site=site.id, banner=random.choice(_BANNERS_SAY)), "banner")
        yield _row(ends, ShowBanner(site=site.id, banner=None), "banner taken away")
    for site in _drawn(sites, _REDESIGNS * days, least, random):
        yield _row(
            _span(random, start, end, _DAY)[0], Redesign(site=site.id, template=random.choice((2, 3))), "redesign"
        )
    accidents = platform_accidents()
    names = random.sample(list(accidents), len(accidents))
    for number in range(max(round(_ACCIDENTS * days), least)):
        name = names[number % len(names)]
        kind = random.choice(sites).kind
        struck = [site for site in sites if site.kind == kind]
        yield from _fault(struck, f"platform: {name}", accidents[name], *_span(random, start, end, _DAY))


def _drawn(sites: Sequence[Site], each: float, least: int, random: Random) -> list[Site]:
    drawn = [site for site in sites for _ in range(int(each) + (random.random() < each % 1))]
    return drawn or random.sample(list(sites), least)


def _span(random: Random, start: datetime, end: datetime, length: timedelta) -> tuple[datetime, datetime]:
    """A stretch of time that lies between a day after the start and a day before the end, where there is room."""
    room = max((end - start) - 2 * _DAY - length, timedelta(minutes=1))
    begins = start + _DAY + room * random.random()
    return begins, begins + length


def _fault(
    sites: Sequence[Site], name: str, make: Callable[[], Fault], begins: datetime, ends: datetime
) -> Iterator[Happening]:
    for site in sites:
        fault = make()
        yield _row(begins, Break(site=site.id, fault=fault), name)
        yield _row(ends, Mend(site=site.id, fault=fault), f"{name}: over")


def _row(at: datetime, event: Event, note: str) -> Happening:
    return Happening(at.replace(microsecond=0), event.site, None, "none", event, note=note)

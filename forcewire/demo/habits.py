"""Sites whose pages differ at every request though no story changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from forcewire.demo.accidents import Break
from forcewire.demo.articles import Site
from forcewire.demo.clock import Happening
from forcewire.demo.events import Event
from forcewire.demo.faces import Masked, Stamped, TwoFaces, other_headline, other_picture
from forcewire.demo.pressroom import Pressroom

# By habit: what the other face of a story is, and whether the two take turns.
FACES = {
    "two headlines": (other_headline, False),
    "headlines in turn": (other_headline, True),
    "two pictures": (other_picture, False),
}
_MOST_TWO_FACED = 3  # stories of a site


@dataclass(frozen=True, kw_only=True)
class Ticking(Event):
    """From now on every answer bears another render timestamp, and no validators."""

    def happen(self, room: Pressroom) -> None:
        room.ticking = True
        room.forget()


@dataclass(frozen=True, kw_only=True)
class NoValidators(Event):
    """From now on the site sends neither ETag nor Last-Modified."""

    def happen(self, room: Pressroom) -> None:
        room.validators = False
        room.forget()


_OF_SITES: dict[str, Callable[[str, Random], Event]] = {
    "masked mail": lambda site, random: Break(site=site, fault=Masked(random=random)),
    "page counter": lambda site, random: Break(site=site, fault=Stamped(random=random)),
    "render time": lambda site, random: Ticking(site=site),
    "no validators": lambda site, random: NoValidators(site=site),
}
HABITS = (*_OF_SITES, *FACES)
# In the order of the sites; every third has none.
_GIVEN = (
    "masked mail", "", "no validators", "headlines in turn", "", "render time", "page counter", "", "two pictures",
)  # fmt: skip


def habits_of(
    sites: Sequence[Site], stories: Sequence[Happening], random: Random, start: datetime
) -> Iterator[Happening]:
    """A habit for two sites in three; all rows are "none"."""
    for number, site in enumerate(sites):
        habit, own = _GIVEN[number % len(_GIVEN)], Random(f"{random.random()}")
        if habit == "render time" and site.kind != "single_online_home":
            habit = "page counter"
        if habit:
            yield from habit_of(habit, site, stories, own, start)


def habit_of(
    habit: str, site: Site, stories: Sequence[Happening], random: Random, start: datetime
) -> Iterator[Happening]:
    """What gives a site one of `HABITS`: for all its pages from `start` on, or for some stories that nothing else happens to."""
    if habit in FACES:
        yield from _two_faced(site, stories, random, habit)
    else:
        yield Happening(start, site.id, None, "none", _OF_SITES[habit](site.id, random), note=habit)


def _two_faced(site: Site, stories: Sequence[Happening], random: Random, habit: str) -> Iterator[Happening]:
    change, turns = FACES[habit]
    of_site = [row for row in stories if row.site == site.id and row.path is not None]
    busy = {row.path for row in of_site if row.what != "new"}
    quiet = [row for row in of_site if row.path not in busy]
    for row in random.sample(quiet, min(_MOST_TWO_FACED, len(quiet))):
        fault = TwoFaces(path=row.path, random=random, change=change, turns=turns)
        yield Happening(row.at, site.id, row.path, "none", Break(site=site.id, fault=fault), note=habit)

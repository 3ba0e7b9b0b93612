"""Sites whose pages differ at every request though no story changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from forcewire.demo.accidents import Break
from forcewire.demo.articles import Site
from forcewire.demo.clock import Happening
from forcewire.demo.events import Event
from forcewire.demo.faces import Masked, Stamped, TwoFaces, other_headline, other_picture
from forcewire.demo.pressroom import Pressroom

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


def habits_of(
    sites: Sequence[Site], stories: Sequence[Happening], random: Random, start: datetime
) -> Iterator[Happening]:
    """Every third site has none; the others mask mail, print a render time, send no validators, or have two-faced stories
    (which have no other events in `stories`). All rows are "none".
    """
    habits = (
        "masked mail",
        "",
        "two headlines",
        "render time",
        "no validators",
        "",
        "two pictures",
        "page counter",
        "",
    )
    for number, site in enumerate(sites):
        habit, own = habits[(number * 4) % len(habits)], Random(f"{random.random()}")
        if habit == "render time" and site.kind != "single_online_home":
            habit = "page counter"
        if habit.startswith("two"):
            yield from _two_faced(site, stories, own, habit)
            continue
        event = {
            "masked mail": Break(site=site.id, fault=Masked(random=own)),
            "page counter": Break(site=site.id, fault=Stamped(random=own)),
            "render time": Ticking(site=site.id),
            "no validators": NoValidators(site=site.id),
        }.get(habit)
        if event is not None:
            yield Happening(start, site.id, None, "none", event, note=habit)


def _two_faced(site: Site, stories: Sequence[Happening], random: Random, habit: str) -> Iterator[Happening]:
    change = other_headline if habit == "two headlines" else other_picture
    of_site = [row for row in stories if row.site == site.id and row.path is not None]
    busy = {row.path for row in of_site if row.what != "new"}
    quiet = [row for row in of_site if row.path not in busy]
    for row in random.sample(quiet, min(_MOST_TWO_FACED, len(quiet))):
        fault = TwoFaces(path=row.path, random=random, change=change)
        yield Happening(row.at, site.id, row.path, "none", Break(site=site.id, fault=fault), note=habit)

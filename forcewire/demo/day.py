"""A day in the newsroom, for the demo: what the sites hold in the morning, and what happens until the evening."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files

from forcewire.demo.articles import Banner, NewsArticle, Picture
from forcewire.demo.events import Edit, Event, Minor, New, ShowBanner, Withdraw
from forcewire.demo.forces import FORCES
from forcewire.demo.news import article_of, parse_stories, stories_of
from forcewire.demo.newsroom import Newsroom

_CHANGES = {New: "new", Edit: "edited", Withdraw: "removed", Minor: "minor"}


@dataclass(frozen=True)
class Step:
    """Some events at one time of the day. `what` says for a person what happens."""

    after: timedelta
    what: str
    events: tuple[Event, ...]


def morning_before(now: datetime) -> datetime:
    """A morning (08:00 UTC) whose whole day lies in the past, so that the demo's news is fresh and not of tomorrow."""
    return (now - timedelta(hours=12)).replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(
        days=int((now - timedelta(hours=12)).hour < 8)
    )


def _story(site: str, title: str, morning: datetime) -> NewsArticle:
    """A morning story by the start of its headline."""
    force = next(each for each in FORCES if each.id == site)
    return next(story for story in stories_of(force, morning) if story.title.startswith(title))


def _fresh(morning: datetime) -> dict[str, New]:
    text = (files("forcewire.demo") / "stories" / "day.md").read_text("utf-8")
    events = {}
    for place, (fields, markdown) in enumerate(parse_stories(text)):
        force = next(each for each in FORCES if each.id == fields["site"])
        at = morning + timedelta(hours=1 + place, minutes=17)
        events[force.id] = New(site=force.id, article=article_of(fields, markdown, force, 3000 + place, at))
    return events


def the_day(morning: datetime) -> list[Step]:
    """The day's events in order: five new stories, two edits (one of a digit), one withdrawn, one new picture, a banner."""
    new = _fresh(morning)
    missing = _story("wexmoor", "Have you seen missing", morning)
    stabbing = _story("ravenquay", "Man charged with attempted murder", morning)
    found = _story("ravenquay", "Found: missing", morning)
    bakery = _story("aldmoor-and-tarn", "Two men jailed", morning)
    banner = Banner("Severe weather warning", "Roads are closed across the county. Please travel only if you must.")
    picture = Picture("/uploads/production/bakery-outside.jpg", "An empty street", "Oven Row in Quarnbeck")
    return [
        Step(
            timedelta(hours=3),
            "Two forces publish",
            (new["wexmoor"], new["ravenquay"]),
        ),
        Step(
            timedelta(hours=4),
            "A wrong age is put right, and a victim's condition improves",
            (
                Edit(site="wexmoor", path=missing.path, swaps=(("aged 34", "aged 43"),)),
                Edit(
                    site="ravenquay",
                    path=stabbing.path,
                    swaps=(("in a critical but stable condition", "in a stable condition"),),
                ),
            ),
        ),
        Step(
            timedelta(hours=5),
            "An appeal for a child who has been found is withdrawn",
            (Withdraw(site="ravenquay", path=found.path),),
        ),
        Step(
            timedelta(hours=6),
            "A picture is changed, and a banner appears on every page of one site: neither is news",
            (
                Minor(site="aldmoor-and-tarn", path=bakery.path, fields={"image": picture}),
                ShowBanner(site="wexmoor", banner=banner),
            ),
        ),
        Step(
            timedelta(hours=7),
            "Three more forces publish",
            (new["civil-reservoirs"], new["aldmoor-and-tarn"], new["marrowdale"]),
        ),
    ]


def play_day(newsroom: Newsroom, steps: list[Step], morning: datetime) -> None:
    """Let all the steps happen at their times."""
    for step in steps:
        newsroom.play(step.events, at=morning + step.after)


def expected(steps: list[Step]) -> Counter[str]:
    """How many changes of each sort a faithful crawl finds after the steps: new, edited, removed, minor."""
    return Counter(_CHANGES[type(event)] for step in steps for event in step.events if type(event) in _CHANGES)

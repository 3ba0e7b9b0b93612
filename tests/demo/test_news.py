"""The news is invented, reads as news, and is the same in every run."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from crawler.entries import BUNDLED, load_entry
from forcewire.demo.articles import Related
from forcewire.demo.composer import compose
from forcewire.demo.day import expected, morning_before, play_day, the_day
from forcewire.demo.events import Edit, Minor, New, ShowBanner, Withdraw
from forcewire.demo.forces import FORCES
from forcewire.demo.news import age_of, demo_sites, slug_of, stories_of, with_dates
from forcewire.demo.newsroom import CLOCK, Newsroom

STORIES = [(site, story) for site, stories in demo_sites(CLOCK) for story in stories]


def words(html: str) -> int:
    return len(re.sub(r"<[^>]+>", " ", html).split())


def test_demo_holds_some_sixty_stories_of_six_forces() -> None:
    assert 58 <= len(STORIES) <= 70
    assert {site.kind for site, _ in STORIES} == {
        "single_online_home",
        "mynewsdesk",
        "govuk",
        "wordpress",
        "drupal",
        "own_newsroom",
    }
    assert len({(site.id, story.path) for site, story in STORIES}) == len(STORIES)


def test_most_written_stories_are_whole_and_none_is_a_book() -> None:
    lengths = [words(story.body_html) for site in FORCES for story in stories_of(site, CLOCK)]
    assert sum(length >= 120 for length in lengths) >= 24
    assert max(lengths) < 500


def test_no_slot_or_date_mark_is_left_in_a_story() -> None:
    many = [story for site in FORCES for story in compose(site, 200, now=CLOCK)]
    for story in [story for _, story in STORIES] + many:
        assert not re.search(r"[{}]", f"{story.title}{story.description}{story.body_html}{story.reference}"), (
            story.title
        )


def test_no_real_force_appears_in_invented_news() -> None:
    real = {load_entry(path).force for path in BUNDLED.glob("*.toml")} | {
        load_entry(p).area for p in BUNDLED.glob("*.toml")
    }
    for site, story in STORIES:
        for name in real:
            assert name not in f"{site.force} {story.title} {story.body_html}"


def test_composed_stories_differ_and_are_the_same_again() -> None:
    first, again = (compose(FORCES[0], 2_000, now=CLOCK) for _ in range(2))
    assert first == again
    assert len({story.path for story in first}) == 2_000
    assert len({story.body_html for story in first}) == 2_000
    assert all(85 < words(story.body_html) < 500 for story in first)


def test_more_composed_stories_do_not_change_the_first_ones() -> None:
    assert compose(FORCES[1], 30, now=CLOCK)[:10] == compose(FORCES[1], 10, now=CLOCK)


def test_dates_in_a_story_are_counted_from_its_own_day() -> None:
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert with_dates("{day-1}, {date}, {short+1}, {cad}, 47/1/{yy}", at) == (
        "Saturday 28 February, Sunday 1 March 2026, 2 March, 01MAR, 47/1/26"
    )


def test_age_and_slug() -> None:
    assert age_of("2d 5h") == timedelta(days=2, hours=5)
    assert slug_of("Man’s £85K haul – found!") == "mans-85k-haul-found"
    with pytest.raises(ValueError, match="is no age"):
        age_of("soon")


@pytest.mark.parametrize("hour", [0, 5, 7, 8, 12, 19, 20, 23])
def test_the_demo_s_day_lies_in_the_past_and_is_fresh(hour: int) -> None:
    now = datetime(2026, 3, 10, hour, 30, tzinfo=UTC)
    morning = morning_before(now)
    assert (morning.hour, morning.minute) == (8, 0)
    last = max(step.after for step in the_day(morning))
    assert morning + last < now < morning + timedelta(hours=37)


def test_day_has_new_stories_two_edits_a_withdrawal_and_a_picture() -> None:
    events = [event for step in the_day(CLOCK) for event in step.events]
    assert [type(event) for event in events if not isinstance(event, New)] == [Edit, Edit, Withdraw, Minor, ShowBanner]
    assert expected(the_day(CLOCK)) == {"new": 5, "edited": 2, "removed": 1, "minor": 1}


def test_day_plays_and_dates_its_new_stories_before_they_are_published() -> None:
    with Newsroom() as newsroom:
        before = {story.path for site in FORCES for story in newsroom.articles(site.id)}
        play_day(newsroom, the_day(CLOCK), CLOCK)
        after = [story for site in FORCES for story in newsroom.articles(site.id)]
        new = [story for story in after if story.path not in before]
        assert len(new) == 5
        assert all(story.published_at and CLOCK < story.published_at <= newsroom.now for story in new)
        assert len(before - {story.path for story in after}) == 1


def test_headlines_in_the_navigation_stay_the_same_over_the_day() -> None:
    with Newsroom() as newsroom:
        headlines = newsroom.sites[0].headlines
        play_day(newsroom, the_day(CLOCK), CLOCK)
        assert newsroom.sites[0].headlines == headlines
    assert isinstance(headlines[0], Related)

"""A fleet is the same for the same seed, and lives by the archive's rates."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from forcewire.demo.fleet import Fleet
from forcewire.demo.http_server import Request
from forcewire.demo.printing import local

HOURLY = timedelta(hours=1)


@pytest.fixture(scope="module")
def month() -> Fleet:
    return Fleet(12, 30, seed=3)


def test_same_seed_gives_the_same_events_and_another_seed_others() -> None:
    one, again, other = (Fleet(3, 7, seed=seed) for seed in (5, 5, 6))
    assert [str(row) for row in one.events] == [str(row) for row in again.events]
    assert [str(row) for row in one.events] != [str(row) for row in other.events]


def test_events_come_in_order_and_no_two_stories_share_an_address_or_a_headline(month: Fleet) -> None:
    assert [row.at for row in month.events] == sorted(row.at for row in month.events)
    assert {row.at < month.end for row in month.events} == {True}
    new = [row for row in month.events if row.what == "new"]
    assert len({(row.site, row.path) for row in new}) == len(new) > 1000
    newsroom = month.newsroom()
    newsroom.advance(month.end)
    for site in month.sites:
        articles = list(newsroom.room(site.id).articles.values())
        assert len({article.title.casefold() for article in articles}) == len(articles)
        assert len({article.body_html for article in articles}) == len(articles)


def test_stories_are_published_in_office_hours_by_each_force_s_own_rate(month: Fleet) -> None:
    new = [row for row in month.events if row.what == "new" and row.at >= month.start]
    hours = Counter(local(row.at).hour for row in new)
    assert sum(count for hour, count in hours.items() if 8 <= hour < 18) > 0.85 * len(new)
    weekend = [row for row in new if local(row.at).weekday() >= 5]
    assert 0 < len(weekend) < 0.2 * len(new)
    for site, rate in month.rates.items():
        assert 0.2 <= rate <= 13
        count = sum(row.site == site for row in new)
        assert abs(count - 30 * rate) < 5 * (30 * rate) ** 0.5 + 3


def test_stories_are_edited_and_withdrawn_as_often_as_real_ones() -> None:
    fleet = Fleet(30, 60, seed=1, mishaps=False, habits=False)
    new = [row for row in fleet.events if row.what == "new" and row.at > fleet.start]
    of = {
        what: {(row.site, row.path) for row in fleet.events if row.what == what}
        for what in ("edited", "removed", "minor")
    }
    assert 0.03 < len(of["edited"]) / len(new) < 0.06
    assert 0.05 < len(of["minor"]) / len(new) < 0.09
    assert 0.005 < len(of["removed"]) / len(new) < 0.02
    published = {(row.site, row.path): row.at for row in new}
    waits = sorted(
        row.at - published[row.site, row.path or ""]
        for row in fleet.events
        if row.what == "edited" and (row.site, row.path) in published
    )
    assert waits[len(waits) // 3] < timedelta(hours=12)
    assert waits[-1] > timedelta(days=10)


def test_a_month_plays_without_a_page_being_drawn(month: Fleet) -> None:
    newsroom = month.newsroom()
    at, happened = month.start, 0
    while at < month.end:
        at += HOURLY
        happened += len(newsroom.advance(at))
        assert newsroom.now == at
    assert happened == sum(row.at > month.start for row in month.events)
    assert newsroom.advance(month.end) == []
    assert not any(newsroom.room(site.id)._pages for site in month.sites)


def test_every_event_shows_on_the_page_of_its_story_or_hides_as_it_should() -> None:
    fleet = Fleet(12, 20, seed=2, busy=6, mishaps=False, habits=False)
    newsroom, seen = fleet.newsroom(), Counter[str]()
    for row in (row for row in fleet.events if row.at > fleet.start and row.path is not None):
        room = newsroom.room(row.site)
        path = getattr(row.event, "path", row.path)
        before = room.answer(Request("GET", path, {}))
        if newsroom.now == row.at:
            continue  # it happened together with the row before it
        newsroom.advance(row.at)
        after = room.answer(Request("GET", path, {}))
        seen[row.what] += 1
        gone = path in room.gone
        if row.what == "edited" and not gone:
            assert before.status == after.status == 200
            assert before.body != after.body, row
        elif row.what == "removed":
            assert before.status == 200
            assert after.body != before.body
        elif row.what == "moved" and not gone:
            assert (after.status, dict(after.headers)["Location"].endswith(row.address or "?")) == (301, True)
        elif row.what == "restored":
            assert after.status == 200
    assert min(seen[what] for what in ("new", "edited", "removed", "restored", "moved", "minor")) > 5, seen

"""Many articles that are gone within a day, a few of few, some for good, and one that comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.crawls import add_issue, register_source
from storage.database import writing
from storage.pages import failed, gone, not_modified
from storage.removals import MassRemoval, decide_removals
from storage.rules import RemovalRule, rules_from
from storage.tables import CRAWL

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = "norchester"
Make = Callable[..., Any]
Save = Callable[..., list[str]]
Decide = Callable[..., list[int]]


def story(n: int, source: str = SOURCE) -> str:
    return f"https://www.{source}.example/news/story-{n}"


@pytest.fixture
def decide(engine: Engine) -> Decide:
    """The ids that a crawl removes which finds these pages gone."""

    def decided(
        at: datetime, *numbers: int, source: str = SOURCE, witnesses: int | None = None, **rule: Any
    ) -> list[int]:
        with writing(engine) as conn:
            values = {"source_id": source, "started_at": at, "verdict": "ok", "reader": "boxed", "reader_version": 1}
            crawl = conn.execute(CRAWL.insert().returning(CRAWL.c.id), {**values, "entry": ""}).scalar_one()
            for n in numbers:
                gone(conn, source, story(n, source), 404, at)
        with writing(engine) as conn:
            found = decide_removals(conn, source, crawl, rule=RemovalRule(**rule), now=at, witnesses=witnesses)
        return sorted(found)

    return decided


@pytest.fixture
def ten(save: Save, page: Make) -> None:
    save(*(page(n) for n in range(1, 11)))


@pytest.mark.usefixtures("ten")
def test_an_accident_that_is_found_page_by_page_is_one_however_few_are_gone_at_each_look(
    decide: Decide, now: datetime, rows: Any
) -> None:
    decide(now, 1, 2, 3)
    assert decide(now + HOUR, 1, 2, 3) == [1, 2, 3]
    with pytest.raises(MassRemoval, match="4 of 10 articles"):
        decide(now + 2 * HOUR, 4)
    with pytest.raises(MassRemoval, match="5 of 10 articles"):
        decide(now + 4 * HOUR, 4, 5)
    assert decide(now + 26 * HOUR, 4, 5) == [4, 5], "those of yesterday are another matter"
    assert rows("SELECT count(*) FROM change WHERE change = 'removed'") == [(5,)]


@pytest.mark.usefixtures("ten")
def test_an_article_that_came_back_counts_no_more(save: Save, page: Make, decide: Decide, now: datetime) -> None:
    decide(now, 1, 2, 3)
    assert decide(now + HOUR, 1, 2, 3) == [1, 2, 3]
    save(page(1, at=now + HOUR), page(2, at=now + HOUR))
    decide(now + HOUR, 4, 5)
    with pytest.raises(MassRemoval, match="4 of 10 articles"):
        decide(now + 2 * HOUR, 4, 5, 6)
    save(page(3, at=now + 2 * HOUR))
    assert decide(now + 2 * HOUR, 4, 5) == [4, 5]


@pytest.mark.parametrize("count", [2, 3])
def test_the_whole_of_a_small_source_is_not_removed_at_once(
    save: Save, page: Make, decide: Decide, now: datetime, count: int
) -> None:
    numbers = range(1, count + 1)
    save(*(page(n) for n in numbers))
    with pytest.raises(MassRemoval):
        decide(now, *numbers)
    for days in (1, 8, 15):
        with pytest.raises(MassRemoval, match=f"{count} of {count} articles"):
            decide(now + days * DAY, *numbers, witnesses=0)


def test_nor_one_after_the_other_on_one_day(save: Save, page: Make, decide: Decide, now: datetime) -> None:
    save(page(1), page(2), page(3))
    decide(now, 1, 2)
    assert decide(now + HOUR, 1, 2) == [1, 2]
    with pytest.raises(MassRemoval, match="3 of 3 articles"):
        decide(now + 2 * HOUR, 3)
    assert decide(now + 26 * HOUR, 3) == [3]


def test_the_only_article_of_a_source_may_go(save: Save, page: Make, decide: Decide, now: datetime) -> None:
    save(page(1))
    decide(now, 1, witnesses=0)
    assert decide(now + HOUR, 1, witnesses=0) == [1]


def purged(decide: Decide, now: datetime, days: range, *numbers: int, **more: Any) -> None:
    for day in days:
        with pytest.raises(MassRemoval):
            decide(now + day * DAY, *numbers, **more)


@pytest.mark.usefixtures("ten")
def test_many_that_stay_away_for_a_week_are_removed_and_the_next_withdrawal_is_told_as_ever(
    save: Save, page: Make, decide: Decide, now: datetime, rows: Any
) -> None:
    many = (1, 2, 3, 4, 5, 6)
    purged(decide, now, range(7), *many, witnesses=2)
    assert decide(now + 7 * DAY, *many, witnesses=0) == [], "with nobody beside them that is there"
    assert decide(now + 7 * DAY, *many, witnesses=2) == list(many)
    decide(now + 7 * DAY, 8, witnesses=2)
    assert decide(now + 7 * DAY + HOUR, 8, witnesses=2) == [8]
    assert save(page(2, at=now + 8 * DAY)) == ["restored"]
    assert rows("SELECT count(*) FROM article WHERE removed_at IS NOT NULL") == [(6,)]


@pytest.mark.usefixtures("ten")
def test_a_purge_that_was_found_over_days_settles_page_by_page(decide: Decide, now: datetime) -> None:
    first, rest = (1, 2, 3, 4, 5), (6, 7)
    purged(decide, now, range(3), *first)
    purged(decide, now, range(3, 7), *first, *rest)
    assert decide(now + 7 * DAY, *first[:2], *rest) == [1, 2, 6, 7], "the others wait for the look at them"
    assert decide(now + 7 * DAY + HOUR, *first[2:]) == [3, 4, 5]


@pytest.mark.usefixtures("ten")
@pytest.mark.parametrize("since", ["there", "failed", "no witnesses", "few looks"])
def test_many_that_were_not_gone_at_each_look_beside_witnesses_have_not_settled(
    engine: Engine, decide: Decide, now: datetime, since: str
) -> None:
    many = (1, 2, 3, 4, 5, 6)
    purged(decide, now, range(1 if since == "few looks" else 7), *many)
    before = now + 6 * DAY
    with writing(engine) as conn:
        if since == "there":
            not_modified(conn, SOURCE, [story(n) for n in many], before)
        elif since == "failed":
            for n in many:
                failed(conn, SOURCE, story(n), "timeout", None, now + 7 * DAY)
        elif since == "no witnesses":
            message = "none of the pages tells its story"
            add_issue(conn, source_id=SOURCE, crawl_id=None, kind="nothing is there", message=message, now=before)
    looks = () if since == "failed" else many
    with pytest.raises(MassRemoval):
        decide(now + 7 * DAY, *looks)
    if since == "no witnesses":
        assert decide(now + 13 * DAY, *many) == list(many), "a week after that day"


@pytest.mark.usefixtures("ten")
def test_how_long_is_a_setting(decide: Decide, now: datetime) -> None:
    assert rules_from({}).removal.settled == timedelta(days=7)
    assert rules_from({"FORCEWIRE_REMOVAL_SETTLED": "2d"}).removal.settled == timedelta(days=2)
    assert rules_from({"FORCEWIRE_REMOVAL_SETTLED": "never"}).removal.settled is None
    many = (1, 2, 3, 4)
    purged(decide, now, range(60), *many, settled=None)
    assert decide(now + 60 * DAY, *many, settled=2 * DAY) == list(many)


@pytest.fixture
def platform(engine: Engine, save: Save, page: Make, now: datetime) -> list[str]:
    """Eight sources of one platform with twenty articles each."""
    names = [f"force{n}" for n in range(8)]
    with writing(engine) as conn:
        for name in names:
            about = {"id": name, "name": name, "force": name, "area": name, "language": "en", "reader": "boxed"}
            register_source(conn, **about, home_url=f"https://www.{name}.example/news/", now=now)
    for name in names:
        save(*(page(n, source=name, url=story(n, name)) for n in range(1, 21)))
    return names


def test_a_platform_that_loses_a_page_here_and_a_page_there_within_a_day_is_one_accident(
    platform: list[str], decide: Decide, now: datetime
) -> None:
    for hour, name in enumerate(platform[:4]):
        decide(now + 2 * hour * HOUR, 1, source=name)
        assert decide(now + (2 * hour + 1) * HOUR, 1, source=name) == [hour * 20 + 1]
    decide(now + 8 * HOUR, 1, source=platform[4])
    with pytest.raises(MassRemoval, match="5 of 8 sources of boxed"):
        decide(now + 9 * HOUR, 1, source=platform[4])


def test_sources_whose_articles_came_back_lost_nothing(
    engine: Engine, platform: list[str], save: Save, page: Make, decide: Decide, now: datetime
) -> None:
    for name in platform[:4]:
        decide(now, 1, source=name)
        assert len(decide(now + HOUR, 1, source=name)) == 1
    save(page(1, source=platform[0], url=story(1, platform[0]), at=now + 2 * HOUR))
    decide(now + 2 * HOUR, 1, source=platform[4])
    assert len(decide(now + 3 * HOUR, 1, source=platform[4])) == 1
    with writing(engine) as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM article WHERE removed_at IS NOT NULL")) == 4


@pytest.mark.usefixtures("ten")
def test_a_page_that_is_there_and_gone_by_turns_is_told_twice_and_then_has_to_be_gone_for_a_day(
    save: Save, page: Make, decide: Decide, now: datetime, rows: Any
) -> None:
    for turn in range(8):
        at = now + 6 * turn * HOUR
        decide(at, 1)
        decide(at + 2 * HOUR, 1)
        save(page(1, at=at + 4 * HOUR))
    told = "SELECT change FROM change WHERE change != 'new' ORDER BY id"
    assert [change for (change,) in rows(told)] == ["removed", "restored"] * 2
    gone_at = now + 2 * DAY
    assert decide(gone_at, 1) == decide(gone_at + 23 * HOUR, 1) == []
    assert decide(gone_at + DAY, 1) == [1]


@pytest.mark.usefixtures("ten")
def test_what_it_did_a_month_ago_is_forgiven(save: Save, page: Make, decide: Decide, now: datetime) -> None:
    for at in (now, now + DAY):
        decide(at, 1)
        assert decide(at + HOUR, 1) == [1]
        save(page(1, at=at + 2 * HOUR))
    later = now + 31 * DAY
    decide(later, 1)
    assert decide(later + HOUR, 1) == [1]

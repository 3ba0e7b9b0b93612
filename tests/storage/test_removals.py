"""When an article counts as removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage.database import writing
from storage.pages import failed, gone, not_modified, rejected
from storage.removals import MassRemoval, decide_removals
from storage.rules import RemovalRule

HOUR = timedelta(hours=1)
SOURCE = "norchester"


def story(n: int) -> str:
    return f"https://www.norchester.example/news/story-{n}"


@pytest.fixture
def stored(save: Callable[..., list[str]], page: Callable[..., Any]) -> None:
    save(*(page(n) for n in range(1, 11)))


@pytest.fixture
def answer(engine: Engine) -> Callable[..., None]:
    def answers(at: datetime, *numbers: int) -> None:
        with writing(engine) as conn:
            for n in numbers:
                gone(conn, SOURCE, story(n), 404, at)

    return answers


@pytest.fixture
def decide(engine: Engine, crawl: int) -> Callable[..., int]:
    def decided(at: datetime, **rule: Any) -> int:
        with writing(engine) as conn:
            return len(decide_removals(conn, SOURCE, crawl, rule=RemovalRule(**rule), now=at))

    return decided


@pytest.mark.usefixtures("stored")
def test_removed_after_two_answers_an_hour_apart(
    answer: Callable[..., None], decide: Callable[..., int], now: datetime, rows: Callable[[str], list[Any]]
) -> None:
    answer(now, 1, 2)
    assert decide(now + 2 * HOUR) == 0
    answer(now + HOUR / 2, 1)
    assert decide(now + HOUR / 2) == 0
    answer(now + HOUR, 1)
    assert decide(now + HOUR) == 1
    assert decide(now + 2 * HOUR) == 0
    assert rows("SELECT change, minor, version, fields, article_id FROM change WHERE change != 'new'") == [
        ("removed", 0, 1, "[]", 1)
    ]
    assert rows("SELECT id FROM article WHERE removed_at IS NOT NULL") == [(1,)]


@pytest.mark.usefixtures("stored")
def test_a_good_answer_in_between_begins_anew(
    engine: Engine, answer: Callable[..., None], decide: Callable[..., int], now: datetime
) -> None:
    answer(now, 1)
    with writing(engine) as conn:
        not_modified(conn, SOURCE, [story(1)], now + HOUR)
    answer(now + 2 * HOUR, 1)
    assert decide(now + 5 * HOUR) == 0


@pytest.mark.usefixtures("stored")
def test_many_at_once_are_nobodys_removal(
    answer: Callable[..., None], decide: Callable[..., int], now: datetime, rows: Callable[[str], list[Any]]
) -> None:
    answer(now, 1, 2, 3, 4)
    answer(now + HOUR, 1, 2, 3, 4)
    with pytest.raises(MassRemoval, match="4 of 10 articles") as raised:
        decide(now + HOUR)
    assert (raised.value.count, raised.value.known) == (4, 10)
    assert rows("SELECT count(*) FROM article WHERE removed_at IS NOT NULL") == [(0,)]
    assert decide(now + HOUR, most=4) == 4


@pytest.mark.usefixtures("stored")
def test_a_few_of_few_articles_are_removed(
    answer: Callable[..., None], decide: Callable[..., int], now: datetime
) -> None:
    answer(now, 1, 2, 3)
    answer(now + HOUR, 1, 2, 3)
    assert decide(now + HOUR) == 3


def test_an_article_with_a_page_that_answers_stays(
    save: Callable[..., list[str]],
    page: Callable[..., Any],
    engine: Engine,
    decide: Callable[..., int],
    now: datetime,
) -> None:
    other = "https://www.norchester.example/n/1"
    save(page(1), page(1, asked=other))
    with writing(engine) as conn:
        for hours in range(3):
            gone(conn, SOURCE, other, 404, now + hours * HOUR)
    assert decide(now + 3 * HOUR) == 0


@pytest.mark.usefixtures("stored")
def test_answers_of_earlier_crawls_alone_remove_nothing(
    engine: Engine, answer: Callable[..., None], decide: Callable[..., int], now: datetime
) -> None:
    answer(now - 3 * HOUR, 1)
    answer(now - 2 * HOUR, 1)
    assert decide(now) == 0
    answer(now, 1)
    assert decide(now) == 1


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("since", ["failed", "rejected"])
def test_an_article_whose_last_answer_was_another_one_stays(
    engine: Engine, answer: Callable[..., None], decide: Callable[..., int], now: datetime, since: str
) -> None:
    answer(now, 1)
    answer(now + HOUR, 1)
    with writing(engine) as conn:
        if since == "failed":
            failed(conn, SOURCE, story(1), "timeout", None, now + HOUR)
        else:
            rejected(conn, SOURCE, story(1), "a form", now + HOUR)
    assert decide(now + HOUR) == 0
    answer(now + 2 * HOUR, 1)
    assert decide(now + 2 * HOUR) == 1


@pytest.mark.usefixtures("stored")
def test_second_look_in_one_crawl_is_no_second_answer(
    engine: Engine, answer: Callable[..., None], decide: Callable[..., int], now: datetime
) -> None:
    answer(now, 1)
    with writing(engine) as conn:
        gone(conn, SOURCE, story(1), 404, now + HOUR, counts=False)
    assert decide(now + HOUR) == 0
    answer(now + HOUR, 1)
    assert decide(now + HOUR) == 1

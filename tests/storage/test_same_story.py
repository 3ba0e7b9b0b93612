"""One story is one article whatever its addresses; another story at a known address is another article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage.addresses import address_key, story_name
from storage.database import reading
from storage.reads import records
from storage.records import Precision

Save = Callable[..., list[str]]
Make = Callable[..., Any]
Rows = Callable[..., list[Any]]

HOST = "https://www.norchester.example"
LONG = "A lamp was taken from Mill Lane on Tuesday night by two men in dark coats who left on foot. " * 3
OTHER = "Officers found eleven stolen cycles in a lock-up garage behind the station and want to return them all. " * 3
CHANGES = "SELECT change, article_id FROM change ORDER BY id"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/news/Appeal-Mill-Lane", "/news/appeal-mill-lane"),
        ("/news/appeal", "/news/appeal/"),
        ("/news/appeal%E2%80%93lamp", "/news/appeal–lamp"),
        ("/news/appeal", "https://news.norchester.example/news/appeal"),
        ("/appeals/2603/appeal-mill-lane/", "/appeals/appeal-mill-lane/"),
        ("/news/appeal-mill-lane-1234", "/pressreleases/lamp-taken-1234"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_a_story_at_two_addresses_is_one_article(
    save: Save, page: Make, rows: Rows, one: str, other: str, together: bool
) -> None:
    first, second = (page(url=u if u.startswith("http") else HOST + u, body=LONG) for u in (one, other))
    for _ in range(2):
        if together:
            save(first, second)
        else:
            save(first)
            save(second)
    assert rows("SELECT url FROM article") == [(first[0].url,)]
    assert sorted(rows("SELECT url, article_id FROM page")) == sorted([(first[0].url, 1), (second[0].url, 1)])
    assert rows(CHANGES) == [("new", 1)]


def test_pages_whose_addresses_differ_by_letter_case_and_whose_texts_differ_are_two(save: Save, page: Make) -> None:
    capital, small = page(url=f"{HOST}/A", body=LONG), page(url=f"{HOST}/a", body=OTHER, title="Cycles found")
    assert save(capital, small) == ["new", "new"]
    assert save(small, capital) == ["unchanged", "unchanged"]


def test_the_same_words_under_another_headline_or_months_later_are_another_story(save: Save, page: Make) -> None:
    day = timedelta(days=1)
    at = datetime(2026, 2, 27, 9, 30, tzinfo=UTC)
    items = [
        page(1, body=LONG),
        page(2, body=LONG, published_at=at + 60 * day),
        page(3, body=LONG, title="Lamps are taken again", published_at=at + day),
        page(1, body=LONG, source="eastmere"),
    ]
    items[1][0].title = items[0][0].title
    assert save(*items) == ["new"] * 4


def test_a_story_that_is_posted_again_is_the_first_one(save: Save, page: Make) -> None:
    again = page(2, body=LONG, title=page(1)[0].title, published_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    assert save(page(1, body=LONG), again) == ["new", "unchanged"]


def test_the_same_words_in_the_same_minute_under_another_headline_and_address_are_another_story(
    save: Save, page: Make
) -> None:
    assert save(page(1, body=LONG), page(2, body=LONG), page(3, body=LONG)) == ["new"] * 3


def test_a_short_text_alone_makes_no_two_stories_one(save: Save, page: Make) -> None:
    assert save(page(1, body="Found.", title="Found"), page(2, body="Found.", title="Found")) == ["new", "new"]


def test_the_text_follows_the_articles_own_address(save: Save, page: Make, rows: Rows) -> None:
    main, other = f"{HOST}/news/appeal", f"{HOST}/appeals/appeal"
    save(page(url=main, body=LONG), page(url=other, body=LONG))
    for _ in range(2):
        assert save(page(url=main, body=LONG + "Update.")) in (["edited"], ["unchanged"])
        assert save(page(url=other, body=LONG)) == ["unchanged"]
    assert rows(CHANGES) == [("new", 1), ("edited", 1)]
    assert rows("SELECT body FROM version ORDER BY number DESC LIMIT 1")[0][0].endswith("Update.")


def test_a_new_address_that_the_listing_shows_before_the_old_one_leads_there_is_no_second_article(
    save: Save, page: Make, rows: Rows
) -> None:
    old, new = f"{HOST}/news/appeal", f"{HOST}/news/2026/appeal"
    save(page(url=old, body=LONG))
    save(page(url=new, body=LONG))
    assert save(page(url=new, asked=old, body=LONG)) == ["unchanged"]
    assert rows("SELECT url, address FROM article") == [(old, new)]
    assert rows(CHANGES) == [("new", 1), ("moved", 1)]


def reused(page: Make, **fields: Any) -> Any:
    values = {"body": OTHER, "title": "Cycles found", "published_at": datetime(2029, 3, 1, 12, 0, tzinfo=UTC)} | fields
    return page(url=f"{HOST}/news/appeal", **values)


def test_another_story_at_a_known_address_is_a_new_article(save: Save, page: Make, rows: Rows) -> None:
    first = page(url=f"{HOST}/news/appeal", body=LONG)
    save(first)
    assert save(reused(page)) == ["new"]
    assert save(reused(page)) == ["unchanged"]
    assert save(reused(page, body=OTHER + "One was claimed.")) == ["edited"]
    assert rows("SELECT url, reuse FROM article ORDER BY id") == [(first[0].url, 0), (first[0].url, 1)]
    assert rows(CHANGES) == [("new", 1), ("new", 2), ("edited", 2)]
    assert rows("SELECT url, article_id FROM page") == [(first[0].url, 2)]
    assert rows("SELECT count(*) FROM article WHERE removed_at IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": datetime(2026, 3, 6, 9, 0, tzinfo=UTC)},  # a weekly round-up that is rewritten in place
        {"published_at": None, "published_precision": Precision.UNKNOWN, "published_raw": None, "published_from": None},
        {"published_precision": Precision.MONTH},
        {"body": LONG + "He was jailed for six years today at Norchester Crown Court."},  # years later, the same story
        {"body": "This appeal is closed. Thank you to everybody who called us."},
    ],
)
def test_a_rewritten_story_is_an_edit(save: Save, page: Make, fields: dict[str, Any]) -> None:
    save(page(url=f"{HOST}/news/appeal", body=LONG))
    assert save(reused(page, **fields)) == ["edited"]


@pytest.mark.parametrize("kind", ["missing", "wanted"])
def test_an_appeal_for_a_person_is_rewritten_and_never_reused(save: Save, page: Make, kind: str) -> None:
    save(page(url=f"{HOST}/news/appeal", body=LONG, kind=kind))
    assert save(reused(page)) == ["edited"]


def test_what_names_a_story_in_its_address() -> None:
    assert (
        story_name(f"{HOST}/news-article/6F9619FF-8B86-D011-B42D-00C04FC964FF")
        == "6f9619ff-8b86-d011-b42d-00c04fc964ff"
    )
    assert story_name(f"{HOST}/r/4711/cut-at-fif") == story_name(f"{HOST}/article/4711/Cut") == "4711"
    assert story_name(f"{HOST}/appeals/2603/a-lamp/") == "a-lamp"
    assert story_name(f"{HOST}/news/man-jailed-409911") == "409911"
    assert address_key(f"{HOST}/News/A?ID=1") == address_key("http://old.example/news/a?id=1")


def test_a_stored_record_names_its_other_addresses(engine: Engine, save: Save, page: Make) -> None:
    main, second, third = f"{HOST}/news/appeal", f"{HOST}/news/Appeal", f"{HOST}/appeals/appeal"
    save(*(page(url=url, body=LONG) for url in (main, second, third)))
    save(page(url=third, asked=main, body=LONG))
    save(page(2))
    with reading(engine) as conn:
        assert [(r.url, r.addresses) for r in records(conn)] == [(main, (third, second)), (page(2)[0].url, ())]

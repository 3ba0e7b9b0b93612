"""What becomes of a story's addresses in the course of time: one goes away, one gets another story, one comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage import pages
from storage.archive_files import archive_files
from storage.crawls import start_crawl
from storage.database import reading, writing
from storage.reads import records
from storage.removals import decide_removals
from storage.rules import RemovalRule

Save = Callable[..., list[str]]
Make = Callable[..., Any]
Rows = Callable[..., list[Any]]

SOURCE = "norchester"
HOST = "https://www.norchester.example"
MAIN, OTHER = f"{HOST}/news/appeal", f"{HOST}/appeals/appeal"
LONG = "A lamp was taken from Mill Lane on Tuesday night by two men in dark coats who left on foot. " * 3
CYCLES = "Officers found eleven stolen cycles in a lock-up garage behind the station and want to return them all. " * 3
LATER = datetime(2029, 3, 1, 12, 0, tzinfo=UTC)
MOVES = "SELECT article_id, version FROM change WHERE change = 'moved'"


@pytest.fixture
def crawl_finds(engine: Engine, now: datetime) -> Callable[..., list[int]]:
    """A crawl, some hours later, that finds pages gone and others not modified, and decides."""

    def decided(hours: float, *, gone: tuple[str, ...] = (), there: tuple[str, ...] = ()) -> list[int]:
        at = now + timedelta(hours=hours)
        with writing(engine) as conn:
            crawl = start_crawl(conn, SOURCE, reader="generic", reader_version=1, now=at, pid=1, host=f"h{hours}")
            for url in gone:
                pages.gone(conn, SOURCE, url, 404, at)
            if there:
                pages.not_modified(conn, SOURCE, there, at)
            return decide_removals(conn, SOURCE, crawl, rule=RemovalRule(), now=at)

    return decided


def another(page: Make, url: str, **fields: Any) -> Any:
    return page(url=url, **{"body": CYCLES, "title": "Cycles found", "published_at": LATER} | fields)


def test_an_article_whose_own_page_is_gone_moves_to_the_page_that_is_there_and_is_told_so_once(
    save: Save, page: Make, rows: Rows, crawl_finds: Callable[..., list[int]]
) -> None:
    save(page(url=MAIN, body=LONG), page(url=OTHER, body=LONG))
    for hours in (1, 3, 5):
        assert crawl_finds(hours, gone=(MAIN,), there=(OTHER,)) == []
    assert rows("SELECT url, address, removed_at FROM article") == [(MAIN, OTHER, None)]
    assert rows(MOVES) == [(1, 1)]
    assert save(page(url=OTHER, body=LONG + "Update.")) == ["edited"]
    assert save(page(url=MAIN, body=LONG)) == ["unchanged"]  # the first one is back with its stale text


def test_the_page_an_article_moved_to_is_read_in_full_the_next_time(
    engine: Engine, save: Save, page: Make, crawl_finds: Callable[..., list[int]]
) -> None:
    def asked_with(url: str) -> pages.Validators | None:
        with reading(engine) as conn:
            return pages.validators(conn, SOURCE, url, reader="generic", reader_version=1)

    save(page(url=MAIN, body=LONG), page(url=OTHER, body=LONG))
    assert asked_with(OTHER) is not None
    for hours in (1, 3):
        crawl_finds(hours, gone=(MAIN,), there=(OTHER,))
    assert asked_with(OTHER) is None


def test_a_bad_minute_of_the_articles_own_page_moves_nothing(
    save: Save, page: Make, rows: Rows, crawl_finds: Callable[..., list[int]]
) -> None:
    save(page(url=MAIN, body=LONG), page(url=OTHER, body=LONG))
    crawl_finds(1, gone=(MAIN,))
    assert save(page(url=OTHER, body=LONG + "Stale.")) == ["unchanged"]
    assert save(page(url=MAIN, body=LONG + "Update.")) == ["edited"]
    crawl_finds(3, gone=(MAIN,), there=(OTHER,))
    assert rows(MOVES) == []
    assert rows("SELECT address FROM article") == [(MAIN,)]


def test_an_article_is_removed_when_all_its_pages_are_gone_and_comes_back_at_any_of_them(
    save: Save, page: Make, rows: Rows, crawl_finds: Callable[..., list[int]]
) -> None:
    save(page(url=MAIN, body=LONG), page(url=OTHER, body=LONG))
    assert [crawl_finds(hours, gone=(MAIN, OTHER)) for hours in (1, 3)] == [[], [1]]
    assert rows(MOVES) == []
    assert save(page(url=OTHER, body=LONG)) == ["restored"]
    assert rows("SELECT url, address, removed_at FROM article") == [(MAIN, OTHER, None)]


def test_another_story_at_an_articles_second_address_is_a_new_article(save: Save, page: Make, rows: Rows) -> None:
    save(page(url=MAIN, body=LONG), page(url=OTHER, body=LONG))
    assert save(another(page, OTHER)) == ["new"]
    assert save(another(page, OTHER), page(url=MAIN, body=LONG)) == ["unchanged", "unchanged"]
    assert rows("SELECT url, reuse, address FROM article ORDER BY id") == [(MAIN, 0, MAIN), (OTHER, 0, OTHER)]
    assert rows("SELECT url, article_id FROM page ORDER BY id") == [(MAIN, 1), (OTHER, 2)]


def test_another_story_at_the_address_that_an_article_left_is_a_new_article(save: Save, page: Make, rows: Rows) -> None:
    save(page(url=MAIN, body=LONG))
    save(page(url=OTHER, asked=MAIN, body=LONG))
    assert save(another(page, MAIN)) == ["new"]
    assert save(another(page, MAIN), page(url=OTHER, body=LONG)) == ["unchanged", "unchanged"]
    assert rows("SELECT url, reuse, address FROM article ORDER BY id") == [(MAIN, 0, OTHER), (MAIN, 1, MAIN)]


def test_a_story_whose_address_was_used_again_lives_on_at_another_one(save: Save, page: Make, rows: Rows) -> None:
    save(page(url=MAIN, body=LONG))
    save(another(page, MAIN))
    assert save(page(url=OTHER, body=LONG)) == ["unchanged"]
    assert save(page(url=OTHER, body=LONG + "Update.")) == ["edited"]
    assert save(another(page, MAIN)) == ["unchanged"]
    assert rows("SELECT url, reuse, address FROM article ORDER BY id") == [(MAIN, 0, OTHER), (MAIN, 1, MAIN)]
    assert rows(MOVES) == [(1, 1)]


def test_a_story_whose_address_was_used_again_is_never_asked_for_and_never_removed(
    engine: Engine, save: Save, page: Make, rows: Rows, now: datetime, crawl_finds: Callable[..., list[int]]
) -> None:
    save(page(url=MAIN, body=LONG))
    save(another(page, MAIN))
    with reading(engine) as conn:
        assert pages.due(conn, SOURCE, now=now, everything=True, limit=10) == [MAIN]
    assert [crawl_finds(hours, gone=(MAIN,)) for hours in (1, 3)] == [[], [2]]
    assert rows("SELECT id, removed_at IS NULL FROM article ORDER BY id") == [(1, 1), (2, 0)]


@pytest.mark.parametrize("order", [1, -1])
def test_two_addresses_that_answer_in_turn_with_small_differences_never_flip_the_text(
    save: Save, page: Make, rows: Rows, order: int
) -> None:
    main, other = page(url=MAIN, body=LONG), page(url=OTHER, body=LONG)
    save(main, other)
    other[0].body += "Share this page."
    other[0].image_url = None
    for _ in range(3):
        assert save(*(main, other)[::order]) == ["unchanged", "unchanged"]
        assert save(*(main, other)[::-order]) == ["unchanged", "unchanged"]
    assert rows("SELECT count(*) FROM version") == [(1,)]
    assert rows("SELECT change FROM change") == [("new",)]


def test_an_article_whose_page_leads_to_another_article_is_removed_like_one_that_is_gone(
    engine: Engine, save: Save, page: Make, rows: Rows, now: datetime, crawl: int
) -> None:
    save(page(url=MAIN, body=LONG), page(url=OTHER, body=CYCLES, title="Cycles found"))
    for hours, removed in ((0, []), (2, [1])):
        at = now + timedelta(hours=hours)
        assert save(page(url=OTHER, body=CYCLES, title="Cycles found", asked=MAIN, at=at)) == ["unchanged"]
        with writing(engine) as conn:
            assert decide_removals(conn, SOURCE, crawl, rule=RemovalRule(), now=at) == removed
    assert rows("SELECT url, article_id, gone_answers FROM page") == [(MAIN, 1, 2), (OTHER, 2, 0)]


def test_a_page_that_led_to_another_article_once_and_is_back_keeps_its_own(save: Save, page: Make, rows: Rows) -> None:
    save(page(url=MAIN, body=LONG), page(url=OTHER, body=CYCLES, title="Cycles found"))
    save(page(url=OTHER, body=CYCLES, title="Cycles found", asked=MAIN))
    assert save(page(url=MAIN, body=LONG + "Update.")) == ["edited"]
    assert rows("SELECT url, article_id, gone_answers FROM page") == [(MAIN, 1, 0), (OTHER, 2, 0)]


def test_two_stories_of_one_address_are_exported_as_two_files(engine: Engine, save: Save, page: Make) -> None:
    def files() -> dict[str, bytes]:
        with reading(engine) as conn:
            return {file.path: file.content for file in archive_files(conn, records(conn))}

    save(page(url=MAIN, body=LONG))
    before = files()
    save(another(page, MAIN))
    assert len(files()) == 2
    assert files().items() > before.items()
    assert all(f"url: {MAIN}\n".encode() in content for content in files().values())


def test_a_page_that_leads_to_another_story_nobody_knew_is_gone_and_the_other_is_new(
    save: Save, page: Make, rows: Rows
) -> None:
    save(page(url=MAIN, body=LONG))
    assert save(another(page, OTHER, asked=MAIN)) == ["new"]
    assert save(another(page, OTHER)) == ["unchanged"]
    assert rows("SELECT url, address FROM article ORDER BY id") == [(MAIN, MAIN), (OTHER, OTHER)]
    assert rows("SELECT url, article_id, gone_answers FROM page ORDER BY id") == [(MAIN, 1, 1), (OTHER, 2, 0)]
    assert rows(MOVES) == []


def test_another_story_at_an_address_of_a_removed_article_does_not_bring_it_back(
    save: Save, page: Make, rows: Rows, crawl_finds: Callable[..., list[int]]
) -> None:
    save(page(url=MAIN, body=LONG), page(url=OTHER, body=LONG))
    assert [crawl_finds(hours, gone=(MAIN, OTHER)) for hours in (1, 3)] == [[], [1]]
    assert save(another(page, OTHER)) == ["new"]
    assert rows("SELECT id, removed_at IS NULL FROM article ORDER BY id") == [(1, 0), (2, 1)]
    assert rows(MOVES) == []

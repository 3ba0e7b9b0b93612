"""What stands where a story's page leads, or in its place, is the story's only once it was seen twice and tells it."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.records import Precision
from tests.crawler.test_confirming import Pages, issues, stored_text, text, told
from tests.crawler.test_crawl import rows

SORRY = "<html><body><h1>Fenwold news</h1><p>We are doing some work on these pages, please come back a little later today.</p></body></html>"
NOTHING = "<html><body><h1>Hello again</h1><p>This is where stories live, have a look round.</p></body></html>"


@pytest.fixture
def pages(site: Any) -> Pages:
    return Pages(site, 8)


def lead(pages: Pages, n: int, target: str) -> None:
    pages.site.pages[pages.path(n)] = pages.answer("", 302, {"Location": target})


def patiently(crawl: Any, times: int) -> list[Any]:
    """Crawls 13 hours apart: what tells nothing of a story is believed the later the less it tells."""
    began = datetime.now(UTC)
    return [crawl(clock=lambda at=began + timedelta(hours=13 * n): at) for n in range(times)]


def addresses(database: str) -> list[str]:
    return [address.partition("/news/")[2] for (address,) in rows(database, "select address from article order by id")]


class Everything(dict[str, Any]):
    """Answers 200 for whatever is not there, in the site's own words."""

    answer: Any

    def get(self, path: str, default: Any = None) -> Any:
        return dict.get(self, path, self.answer)


def never_not_found(pages: Pages) -> None:
    pages.site.pages = Everything(pages.site.pages)
    pages.site.pages.answer = pages.answer(NOTHING)


def test_page_that_leads_to_one_that_is_not_its_story_is_gone_and_neither_moved_nor_edited(
    pages: Pages, crawl: Any, database: str
) -> None:
    crawl()
    pages.site.pages["/help/"] = pages.answer(SORRY)
    own = pages.site.pages[pages.path(2)]
    lead(pages, 2, "/help/")
    assert {summary.verdict for summary in patiently(crawl, 5)} == {"ok"}
    assert told(database) == [("removed", "2")]
    assert stored_text(database, 2) == text(2)
    pages.site.pages[pages.path(2)] = own
    patiently(crawl, 6)
    assert told(database) == [("removed", "2"), ("restored", "2")]
    assert rows(database, "select count(*) from version") == [(8,)]


@pytest.mark.parametrize("count", [2, 3])
def test_pages_that_lead_to_one_and_the_same_never_moved_there(
    site: Any, crawl: Any, database: str, count: int
) -> None:
    pages = Pages(site, 20)
    crawl()
    site.pages["/news/story-hub/"] = pages.answer(
        f"<html><body><h1>Story 2</h1><p>{text(2)} Or another.</p></body></html>"
    )
    kept = {pages.path(n): site.pages[pages.path(n)] for n in range(2, 2 + count)}
    for n in range(2, 2 + count):
        lead(pages, n, "/news/story-hub/")
    for _ in range(2):
        crawl()
    assert {change for change, _ in told(database)} <= {"removed"}
    site.pages.update(kept)
    crawl()
    assert {change for change, _ in told(database)} <= {"removed", "restored"}
    assert rows(database, "select count(*) from article where removed_at is not null or address != url") == [(0,)]


def test_all_pages_that_lead_to_a_notice_are_a_failed_crawl_that_tells_nothing(
    pages: Pages, crawl: Any, database: str
) -> None:
    crawl()
    pages.site.pages["/sorry/"] = pages.answer(SORRY)
    kept = {pages.path(n): pages.site.pages[pages.path(n)] for n in pages.stories}
    for n in pages.stories:
        lead(pages, n, "/sorry/")
    for _ in range(2):
        assert crawl().verdict == "failed"
    pages.site.pages.update(kept)
    assert crawl().verdict == "ok"
    assert told(database) == []


def test_story_that_moves_and_is_edited_at_once_is_told_as_both(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    pages.put(2, text(2) + " A man was charged.")
    pages.site.pages["/news/case-2/"] = pages.page(2)
    lead(pages, 2, "/news/case-2/")
    for _ in range(2):
        crawl()
    assert told(database) == [("moved", "2"), ("edited", "2")]


@pytest.mark.parametrize("more", ["", " A man was charged."])
def test_story_that_its_first_url_shows_again_is_back_there(pages: Pages, crawl: Any, database: str, more: str) -> None:
    crawl()
    own = pages.site.pages[pages.path(2)]
    pages.site.pages["/news/case-2/"] = pages.page(2)
    lead(pages, 2, "/news/case-2/")
    crawl()
    assert addresses(database)[1] == "case-2/"
    pages.site.pages[pages.path(2)] = own
    pages.put(2, text(2) + more)
    for _ in range(2):
        crawl()
    assert addresses(database)[1] == "story-2/"
    assert told(database) == [("moved", "2"), ("moved", "2")] + [("edited", "2")] * bool(more)


def test_site_that_redirects_by_turns_tells_a_move_three_times_at_most(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    own = pages.site.pages[pages.path(2)]
    pages.site.pages["/news/case-2/"] = pages.page(2)
    for turn in range(8):
        lead(pages, 2, "/news/case-2/")
        if turn % 2:
            pages.site.pages[pages.path(2)] = own
        crawl()
    assert told(database) == [("moved", "2")] * 3


def test_erased_story_is_not_restored_with_what_the_site_shows_for_nothing(
    pages: Pages, crawl: Any, database: str
) -> None:
    now = [datetime(2026, 11, 1, 9, 0, tzinfo=UTC)]
    pages.stories[5] = [
        "Missing girl aged 14 from Fenwold",
        "Police are concerned for the welfare of missing Jane Bloggs, aged 14, who was last seen in Fenwold on Monday.",
    ]
    crawl(clock=lambda: now[0])
    own = pages.site.pages.pop(pages.path(5))
    never_not_found(pages)
    for hours in (2, 2, 2, 200, 200, 200):
        now[0] += timedelta(hours=hours)
        crawl(clock=lambda: now[0])
    assert rows(database, "select count(*) from article where erased_at is not null") == [(1,)]
    assert told(database) == [("removed", "5")]
    pages.site.pages[pages.path(5)] = own
    now[0] += timedelta(hours=2)
    crawl(clock=lambda: now[0])
    assert told(database) == [("removed", "5"), ("restored", "5")]
    assert "Jane Bloggs" in stored_text(database, 5)


def test_new_reader_version_brings_no_removed_story_back_and_overwrites_none(
    pages: Pages, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = __import__("tiny_reader_of_the_tests").TinyReader
    crawl()
    never_not_found(pages)
    own = pages.site.pages.pop(pages.path(5))
    for _ in range(2):
        crawl()
    monkeypatch.setattr(reader, "version", 2)
    del pages.site.pages[pages.path(6)]
    crawl()
    assert "restored" not in {change for change, _ in told(database)}
    assert (stored_text(database, 5), stored_text(database, 6)) == (text(5), text(6))
    monkeypatch.setattr(reader, "version", 3)
    pages.site.pages[pages.path(5)] = own
    pages.put(5, text(50))
    crawl()
    assert [change for change, n in told(database) if n == "5"] == ["removed", "restored", "reparsed"]
    assert stored_text(database, 5) == text(50)


def test_new_reader_version_that_reads_another_part_of_one_page_reparses(
    pages: Pages, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = __import__("tiny_reader_of_the_tests").TinyReader
    crawl()
    monkeypatch.setattr(reader, "version", 2)
    pages.put(2, "Whatever the old reader never saw of this story, with other words in every line of it.")
    patiently(crawl, 4)
    assert told(database) == [("reparsed", "2")]
    assert stored_text(database, 2).startswith("Whatever")


def own_words(n: int) -> str:
    letters = random.Random(n)
    return " ".join("".join(letters.choice("abcdefghijklmnop") for _ in range(6)) for _ in range(40)) + "."


def dated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Story n is published 70 days after the one before it."""
    reader = __import__("tiny_reader_of_the_tests").TinyReader
    plain = reader.article

    def article(self: Any, response: Any, link: Any = None) -> Any:
        record = plain(self, response, link)
        record.published_at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=70 * int(record.title.split()[-1]))
        record.published_precision = Precision.DAY
        return record

    monkeypatch.setattr(reader, "article", article)


def test_wrong_page_at_one_request_makes_no_new_article(
    pages: Pages, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dated(monkeypatch)
    pages.stories = {n: [f"Story {n}", own_words(n)] for n in pages.stories}
    now = [datetime(2026, 11, 1, 9, 0, tzinfo=UTC)]
    crawl(clock=lambda: now[0])
    once = itertools.count()
    other = ["Story 60", own_words(60)]
    for wrong in (list(pages.stories[6]), other):
        pages.draw = lambda n, lines, w=wrong, o=once: w if n == 1 and next(o) % 5 == 0 else lines  # type: ignore[misc]
        once = itertools.count()
        assert [crawl(clock=lambda: now[0]).counts.new for _ in range(2)] == [0, 0]
    pages.draw = lambda _, lines: lines
    pages.put(1, own_words(1) + " A man was charged.")
    edited = []
    for _ in range(2):
        now[0] += timedelta(hours=2)
        edited.append(crawl(clock=lambda: now[0]).counts.edited)
    assert sum(edited) == 1, "the story that was there all the time is still watched"
    assert told(database) == [("edited", "1")]
    assert "wrong page" in issues(database)


def test_another_story_that_stays_at_a_known_url_is_a_new_article(
    pages: Pages, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dated(monkeypatch)
    pages.stories = {n: [f"Story {n}", own_words(n)] for n in pages.stories}
    crawl()
    pages.stories[1] = ["Story 60", own_words(60)]
    assert sum(summary.counts.new for summary in patiently(crawl, 5)) == 1
    assert rows(database, "select reuse from article where url like '%-1/' order by id") == [(0,), (1,)]


def test_number_that_is_corrected_on_all_pages_is_right_in_the_store_and_no_edit(
    pages: Pages, crawl: Any, database: str
) -> None:
    def put(number: str) -> None:
        for n in pages.stories:
            pages.put(n, text(n), f"Mail desk@fenwold.example or call {number}.")

    put("01632 960 001")
    crawl()
    put("01632 960 999")
    for _ in range(2):
        crawl()
    assert {change for change, _ in told(database)} == {"reparsed"}
    assert all(stored_text(database, n).endswith("960 999.") for n in pages.stories)
    assert len(told(database)) == 8

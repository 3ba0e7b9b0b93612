"""Edits are edits only when they are the story's: asked twice, and held against other pages of the site."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.crawler.test_crawl import changes, rows

WORDS = "lamp river market bridge saddle orchard ferry ladder kettle harbour meadow tunnel garden chapel quarry".split()


def text(number: int) -> str:
    """A story of its own words: 45 of them."""
    shifted = WORDS[number % 15 :] + WORDS[: number % 15]
    return " ".join(f"The {word} of case {number} was seen" for word in shifted[:8]) + "."


class Pages:
    """Stories without validators, each drawn by `draw(number, paragraphs, title)` at each request."""

    def __init__(self, site: Any, count: int) -> None:
        self.site = site
        self.stories = {n: [f"Story {n}", text(n)] for n in range(1, count + 1)}
        self.draw: Callable[[int, list[str]], list[str]] = lambda _, lines: lines
        self.answer = type(site.pages["/robots.txt"])
        for n in self.stories:
            site.pages[self.path(n)] = lambda _, n=n: self.page(n)
        self.list()

    def path(self, n: int) -> str:
        return f"/news/story-{n}/"

    def list(self) -> None:
        self.site.listing(*(self.path(n) for n in self.stories))

    def page(self, n: int) -> Any:
        title, *lines = self.draw(n, list(self.stories[n]))
        body = "".join(f"<p>{line}</p>" for line in lines)
        return self.answer(f"<html><body><h1>{title}</h1>{body}</body></html>")

    def put(self, n: int, *lines: str) -> None:
        self.stories[n] = [self.stories[n][0], *lines]


@pytest.fixture
def pages(site: Any) -> Pages:
    return Pages(site, 6)


def told(database: str) -> list[tuple[str, str]]:
    """What is told of since the first crawl: change and URL's number."""
    query = "select c.change, a.url from change c join article a on a.id = c.article_id where c.change != 'new' order by c.id"
    return [(change, url.rstrip("/").rpartition("-")[2]) for change, url in rows(database, query)]


def issues(database: str) -> list[str]:
    return [kind for (kind,) in rows(database, "select kind from issue order by id")]


def stored_text(database: str, n: int) -> str:
    query = f"select v.body from version v join article a on a.id = v.article_id and a.version = v.number where a.url like '%-{n}/'"
    return str(rows(database, query)[0][0])


def test_edit_is_seen_twice_and_told_once(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    pages.put(2, text(2) + " A man aged 34 was arrested.")
    pages.site.asked.clear()
    summary = crawl()
    assert (summary.verdict, summary.counts.edited, summary.counts.unchanged) == ("ok", 1, 5)
    assert pages.site.paths().count(pages.path(2)) == 5
    assert told(database) == [("edited", "2")]
    assert crawl().counts.edited == 0
    assert told(database) == [("edited", "2")]


def test_edit_of_a_page_asked_for_alone_is_held_against_two_others(
    pages: Pages, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl()
    pages.put(2, text(2).replace("case 2", "case 22"))
    monkeypatch.setattr("crawler.spiders.news.pages.due", lambda *_, **__: [pages.site.base + pages.path(2)])
    pages.site.asked.clear()
    assert crawl().counts.edited == 1
    stories = [path for path in pages.site.paths() if path.startswith("/news/story")]
    assert stories.count(pages.path(2)) == 5
    assert len(stories) == 7


def test_page_that_answers_otherwise_at_each_request_is_an_issue_and_no_edit(
    pages: Pages, crawl: Any, database: str
) -> None:
    crawl()
    turn = itertools.count()
    pages.draw = lambda n, lines: [lines[0], text(100 + next(turn))] if n == 3 else lines
    for _ in range(3):
        assert crawl().verdict == "ok"
    assert told(database) == []
    assert set(issues(database)) == {"restless page"}
    assert rows(database, "select max(wavering) from page") == [(3,)]
    pages.draw = lambda _, lines: lines
    pages.put(3, text(3) + " It was found.")
    now = datetime.now(UTC)
    crawl(clock=lambda: now)
    assert told(database) == [], "a page that wavered has to say the same for an hour"
    crawl(clock=lambda: now + timedelta(hours=2))
    assert told(database) == [("edited", "3")]
    assert rows(database, "select max(wavering) from page") == [(0,)]


def test_two_texts_by_turns_are_no_edit(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    turn = itertools.count()
    pages.draw = lambda n, lines: [lines[0], lines[1] + " Call us." * (next(turn) % 2)] if n == 3 else lines
    for _ in range(4):
        crawl()
    assert told(database) == []


def test_banner_on_every_page_is_no_edit_when_it_comes_and_none_when_it_goes(
    pages: Pages, crawl: Any, database: str
) -> None:
    crawl()
    pages.draw = lambda _, lines: [lines[0], "Roads are closed: do not travel.", *lines[1:]]
    assert crawl().verdict == "ok"
    assert crawl().verdict == "ok"
    assert told(database) == []
    assert "Roads" not in stored_text(database, 1)
    assert issues(database) == ["furniture"]
    pages.stories[7] = ["Story 7", text(7)]
    pages.site.pages[pages.path(7)] = lambda _: pages.page(7)
    pages.list()
    crawl()
    pages.draw = lambda _, lines: lines
    crawl()
    assert told(database) == []
    assert "Roads" not in stored_text(database, 7), "a story that came with the banner lost it without a word"


def test_edit_beside_a_banner_is_still_told(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    pages.draw = lambda _, lines: [lines[0], "Roads are closed: do not travel.", *lines[1:]]
    pages.put(4, text(4) + " Two people were hurt.")
    crawl()
    assert told(database) == [("edited", "4")]
    pages.draw = lambda _, lines: lines
    crawl()
    assert told(database) == [("edited", "4")]


def test_new_design_is_no_edit_and_later_edits_are(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    pages.draw = lambda n, lines: [lines[0], f"Published by the {WORDS[n]} desk of the press office", *lines[1:]]
    summary = crawl()
    assert (summary.verdict, summary.counts.edited) == ("ok", 0)
    assert issues(database) == ["new design"]
    assert {change for change, _ in told(database)} == {"reparsed"}
    pages.put(5, text(5) + " A woman was charged.")
    crawl()
    assert [each for each in told(database) if each[0] != "reparsed"] == [("edited", "5")]


@pytest.mark.parametrize("notice", ["Something went wrong, and we are looking into what it was.", ""])
def test_one_text_on_all_pages_is_the_sites_bad_day(pages: Pages, crawl: Any, database: str, notice: str) -> None:
    crawl()
    pages.draw = lambda n, lines: (
        ["Fenwold Constabulary", notice] if notice else [lines[0], "Loading the story now, wait."]
    )
    for _ in range(3):
        assert crawl().verdict == "failed"
    pages.draw = lambda _, lines: lines
    assert crawl().verdict == "ok"
    assert told(database) == []
    incidents = rows(database, "select sources, ended_at is not null from incident")
    assert [(json.loads(sources), ended) for sources, ended in incidents] == [(["fenwold"], 1)]


def test_site_that_gives_each_visitor_a_random_page(pages: Pages, crawl: Any, database: str) -> None:
    pages = Pages(pages.site, 15)
    crawl()
    turn = itertools.count(3)
    pages.draw = lambda _, __: list(pages.stories[next(turn) * 7 % 15 + 1])
    for _ in range(2):
        assert crawl().verdict == "failed"
    pages.draw = lambda _, lines: lines
    assert crawl().verdict == "ok"
    assert told(database) == []
    assert len(rows(database, "select id from article")) == 15


def test_clock_in_a_text_is_no_edit_and_hides_none(pages: Pages, crawl: Any, database: str) -> None:
    ticks = itertools.count(10)
    pages.draw = lambda n, lines: [*lines, f"You are reader {next(ticks)} of this page"] if n == 2 else lines
    for _ in range(3):
        crawl()
    assert told(database) == []
    pages.put(2, text(2) + " A reward of 500 pounds is offered.")
    crawl()
    crawl()
    assert told(database) == [("edited", "2")]


def test_same_line_added_to_two_stories_is_two_edits(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    for n in (2, 3):
        pages.put(n, text(n), "This appeal has now been closed.")
    crawl()
    assert sorted(told(database)) == [("edited", "2"), ("edited", "3")]


def test_stored_story_that_says_page_not_found_is_removed_and_restored(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    pages.draw = lambda n, lines: ["Page not found", "The address may have changed."] if n == 6 else lines
    assert crawl().verdict == "ok"
    assert told(database) == [("removed", "6")]
    pages.draw = lambda _, lines: lines
    crawl()
    assert told(database) == [("removed", "6"), ("restored", "6")]


def test_site_that_shows_its_own_words_for_whatever_is_not_there(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    nothing = pages.answer(
        "<html><body><h1>Hello again</h1><p>This is where stories live, have a look round.</p></body></html>"
    )
    known = dict(pages.site.pages)

    class Everything(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            return dict.get(self, path, nothing)

    pages.site.pages = Everything(known)
    del pages.site.pages[pages.path(5)]
    for _ in range(2):
        crawl()
    assert told(database) == [("removed", "5")]


def test_one_page_gone_while_all_others_are_too_is_no_removal(
    pages: Pages, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crawl()
    monkeypatch.setattr("crawler.spiders.news.pages.due", lambda *_, **__: [pages.site.base + pages.path(2)])
    kept = {path: pages.site.pages.pop(path) for path in map(pages.path, range(1, 7))}
    for _ in range(3):
        summary = crawl()
        assert (summary.verdict, summary.counts.removed) == ("failed", 0)
    pages.site.pages |= kept
    assert crawl().verdict == "ok"
    assert told(database) == []


def test_address_that_showed_another_story_gets_its_own(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    pages.stories[9] = list(pages.stories[1])
    pages.site.pages[pages.path(9)] = lambda _: pages.page(9)
    pages.list()
    crawl()
    assert len(rows(database, "select id from article")) == 6
    pages.stories[9] = ["Story 9", text(9)]
    crawl()
    assert len(rows(database, "select id from article")) == 7
    assert told(database) == []
    assert stored_text(database, 1) == text(1)


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)])
def test_clock_that_is_set_back_is_an_issue_and_changes_nothing(
    pages: Pages, crawl: Any, database: str, back: timedelta
) -> None:
    now = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    crawl(clock=lambda: now)
    pages.put(1, text(1) + " It was found.")
    del pages.site.pages[pages.path(2)]
    summary = crawl(clock=lambda: now - back)
    assert (summary.verdict, summary.counts.edited, summary.counts.removed) == ("degraded", 1, 0)
    assert issues(database) == ["clock"]
    assert crawl(clock=lambda: now + timedelta(minutes=5)).counts.removed == 1
    assert told(database) == [("edited", "1"), ("removed", "2")]


def test_second_crawl_of_a_source_says_so_and_leaves(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    before = changes(database)
    import sqlite3

    with sqlite3.connect(database.removeprefix("sqlite:///")) as conn:
        conn.execute("update crawl set finished_at = null, verdict = null")
    pages.site.asked.clear()
    summary = crawl()
    assert (summary.verdict, pages.site.asked, changes(database)) == ("failed", [], before)
    assert str(summary.reason).startswith("a crawl of ")
    assert issues(database) == ["already running"]


def test_banner_that_comes_in_the_middle_of_a_crawl_is_no_edit(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    asked = itertools.count()

    def draw(_: int, lines: list[str]) -> list[str]:
        return [lines[0], "Roads are closed: do not travel.", *lines[1:]] if next(asked) >= 4 else lines

    pages.draw = draw
    crawl()
    crawl()
    assert told(database) == []


def test_source_that_was_first_read_on_its_bad_day_finds_out(pages: Pages, crawl: Any, database: str) -> None:
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    pages.draw = lambda _, lines: [lines[0], "Loading the story now, wait."]
    crawl(clock=lambda: now)
    pages.draw = lambda _, lines: lines
    verdicts = [crawl(clock=lambda at=now + timedelta(hours=h): at).verdict for h in (2, 10, 20)]
    assert set(verdicts) == {"failed"}
    crawl(clock=lambda: now + timedelta(hours=30))
    assert "other texts" in issues(database)
    assert [change for change, _ in told(database)] == ["reparsed"] * 6
    assert stored_text(database, 3) == text(3)
    assert crawl(clock=lambda: now + timedelta(hours=31)).verdict == "ok"


def test_token_on_every_page_is_no_new_design_each_time(pages: Pages, crawl: Any, database: str) -> None:
    tokens = itertools.count()
    pages.draw = lambda _, lines: [*lines, f"Your visit {WORDS[next(tokens) % 15]}{WORDS[next(tokens) * 7 % 15]} today"]
    for _ in range(3):
        assert crawl().verdict == "ok"
    pages.put(2, text(2) + " A man was arrested.")
    crawl()
    assert told(database) == [("edited", "2")]


def test_paragraphs_in_another_order_at_each_request_are_no_edit(pages: Pages, crawl: Any, database: str) -> None:
    turn = itertools.count()

    def draw(n: int, lines: list[str]) -> list[str]:
        if n != 3:
            return lines
        shift = next(turn) % 4
        parts = [f"Part {k} of the story about the {WORDS[k]} of case 3" for k in range(4)]
        return [lines[0], *parts[shift:], *parts[:shift]]

    pages.draw = draw
    for _ in range(5):
        crawl()
    assert told(database) == []
    assert "restless page" in issues(database)


def test_new_order_of_paragraphs_is_an_edit_beside_furniture_too(pages: Pages, crawl: Any, database: str) -> None:
    pages.put(3, "First a man was hurt on the bridge over the river.", "Then a woman was seen with a lamp.")
    crawl()
    pages.draw = lambda _, lines: [lines[0], "Roads are closed: do not travel.", *lines[1:]]
    crawl()
    pages.draw = lambda _, lines: lines
    crawl()
    pages.put(3, *reversed(pages.stories[3][1:]))
    crawl()
    assert told(database) == [("edited", "3")]


def test_counter_that_comes_on_all_pages_hides_no_edit(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    visitors = itertools.count(1000, 7)
    pages.draw = lambda _, lines: [*lines, f"You are visitor {next(visitors)} of this page"]
    pages.put(2, text(2) + " A man was arrested.")
    crawl()
    assert told(database) == [("edited", "2")]
    pages.put(4, text(4) + " Two men were charged.")
    crawl()
    assert told(database) == [("edited", "2"), ("edited", "4")]


def test_fields_of_an_edit_are_the_storys(pages: Pages, crawl: Any, database: str) -> None:
    crawl()
    visitors = itertools.count(1000, 7)
    pages.draw = lambda _, lines: [*lines, f"You are visitor {next(visitors)} of this page"]
    crawl()
    pages.stories[2][0] = "Story 2: a man was charged"
    crawl()
    assert rows(database, "select fields from change where change = 'edited'") == [('["title"]',)]

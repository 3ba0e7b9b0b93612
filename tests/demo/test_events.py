"""Each event changes what it says, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from parsel import Selector

from forcewire.demo.articles import Banner, NewsArticle, Picture
from forcewire.demo.events import (
    Edit,
    EventError,
    Minor,
    Move,
    New,
    Redesign,
    Restore,
    ShowBanner,
    Unlist,
    Withdraw,
)
from forcewire.demo.newsroom import CLOCK, Newsroom

Get = Callable[..., Any]
SITE = "wexmoor"


@pytest.fixture
def path(newsroom: Newsroom) -> str:
    return newsroom.articles(SITE)[1].path


def test_new_story_leads_the_listing_and_answers(newsroom: Newsroom, get: Get) -> None:
    before = get(SITE, "/")
    newsroom.play(New(site=SITE, article=NewsArticle("/news/wexmoor/news/fresh/", "Fresh news", "<p>Just in.</p>")))
    after = get(SITE, "/", If_None_Match=before.headers["etag"])
    assert after.status == 200
    assert Selector(after.text).css("h3 a::text").get() == "Fresh news"
    assert "Just in." in get(SITE, "/news/wexmoor/news/fresh/").text
    assert parsedate_to_datetime(after.headers["last-modified"]) == CLOCK + timedelta(minutes=1)


def test_edit_of_a_digit_changes_one_page_and_its_validators(newsroom: Newsroom, get: Get) -> None:
    story = next(each for each in newsroom.articles(SITE) if "aged 34" in each.title)
    other = newsroom.articles(SITE)[0].path
    before, untouched = get(SITE, story.path), get(SITE, other)
    newsroom.play(Edit(site=SITE, path=story.path, swaps=(("aged 34", "aged 43"),)))
    after = get(SITE, story.path, If_None_Match=before.headers["etag"])
    assert after.status == 200
    assert "aged 34" in before.text
    assert "aged 34" not in after.text
    assert before.text.replace("aged 34", "aged 43") == after.text
    assert get(SITE, other, If_None_Match=untouched.headers["etag"]).status == 304


def test_edit_of_the_title_alone_and_a_printed_time_that_moves(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.play(Edit(site=SITE, path=path, fields={"title": "Another headline"}, reprinted=True))
    page = get(SITE, path).text
    assert Selector(page).css("h1::text").get() == "Another headline"
    assert "Published: 09:01 16/06/2026" in page


def test_edit_of_words_that_are_not_there_is_an_error(newsroom: Newsroom, path: str) -> None:
    with pytest.raises(EventError, match="'no such words' is not in the story"):
        newsroom.play(Edit(site=SITE, path=path, swaps=(("no such words", "x"),)))
    with pytest.raises(EventError, match="no story at /nowhere"):
        newsroom.play(Withdraw(site=SITE, path="/nowhere"))


def test_edit_moves_the_site_s_own_modification_time(newsroom: Newsroom, get: Get) -> None:
    site = "civil-reservoirs"
    story = newsroom.articles(site)[0]
    newsroom.play(Edit(site=site, path=story.path, fields={"title": "Changed"}))
    page = Selector(get(site, story.path).text)
    assert page.css('meta[name="govuk:public-updated-at"]::attr(content)').get() == "2026-06-16T08:01:00.000+00:00"
    assert "Last updated" in get(site, story.path).text


@pytest.mark.parametrize("status", [404, 410])
def test_withdrawn_story_is_gone_everywhere_and_restored_as_it_was(
    newsroom: Newsroom, get: Get, path: str, status: int
) -> None:
    before = get(SITE, path)
    newsroom.play(Withdraw(site=SITE, path=path, status=status))
    assert get(SITE, path).status == status
    assert path not in get(SITE, "/").text
    assert path not in get(SITE, "/news/wexmoor/news/GetNewsRss/").text
    newsroom.play(Restore(site=SITE, path=path))
    assert get(SITE, path).body == before.body
    assert path in get(SITE, "/").text


def test_story_that_leaves_the_listing_still_answers(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.play(Unlist(site=SITE, path=path))
    assert path not in get(SITE, "/").text
    assert get(SITE, path).status == 200


def test_moved_story_redirects_or_is_not_found(newsroom: Newsroom, get: Get) -> None:
    first, second = (story.path for story in newsroom.articles(SITE)[:2])
    newsroom.play([Move(site=SITE, path=first, to="/news/a/"), Move(site=SITE, path=second, to="/b/", redirects=False)])
    got = get(SITE, first)
    assert (got.status, got.headers["location"]) == (301, newsroom.base_urls[SITE] + "/news/a/")
    assert get(SITE, "/news/a/").status == 200
    assert get(SITE, second).status == 404


def test_minor_event_changes_the_picture_and_no_word(newsroom: Newsroom, get: Get, path: str) -> None:
    before = get(SITE, path)
    newsroom.play(Minor(site=SITE, path=path, fields={"image": Picture("/other.jpg", "Other")}))
    after = get(SITE, path)
    assert before.headers["etag"] != after.headers["etag"]
    assert "/other.jpg" in Selector(after.text).css('meta[property="og:image"]::attr(content)').get("")
    assert Selector(before.text).css(".c-rich-text").get() == Selector(after.text).css(".c-rich-text").get()


def test_banner_comes_to_every_page_and_goes_without_a_trace(newsroom: Newsroom, get: Get) -> None:
    paths = [story.path for story in newsroom.articles(SITE)]
    before = {path: get(SITE, path).body for path in paths}
    newsroom.play(ShowBanner(site=SITE, banner=Banner("Flood warning", "Stay at home.")))
    assert all("Flood warning" in get(SITE, path).text for path in paths)
    assert "Flood warning" not in get("ravenquay", "/").text
    newsroom.play(ShowBanner(site=SITE, banner=None))
    assert {path: get(SITE, path).body for path in paths} == before


def test_redesign_changes_every_page(newsroom: Newsroom, get: Get, path: str) -> None:
    before = get(SITE, path)
    newsroom.play(Redesign(site=SITE, template=3))
    after = get(SITE, path, If_None_Match=before.headers["etag"])
    assert after.status == 200
    assert "<article" not in after.text


def test_clock_moves_by_a_minute_an_event_or_to_the_time_given(newsroom: Newsroom, path: str) -> None:
    newsroom.play([Unlist(site=SITE, path=path), Restore(site=SITE, path=path)])
    assert newsroom.now == CLOCK + timedelta(minutes=2)
    newsroom.play(Unlist(site=SITE, path=path), at=CLOCK + timedelta(hours=5))
    assert newsroom.now == CLOCK + timedelta(hours=5)

"""Each fault does what it says, as often as it says, and the rest of the site stays well."""

from __future__ import annotations

import http.client
import resource
import select
import socket
import time
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from parsel import Selector

from forcewire.demo.faults import Charset, CutShort, Fault, RedirectLoop, RedirectTo, Slow, Status, too_many, wall
from forcewire.demo.hostile_listings import DuplicateLinks, EmptyListing, EndlessPaging
from forcewire.demo.hostile_pages import (
    EntityBomb,
    FutureDate,
    GzipBomb,
    Huge,
    LongTitle,
    Nested,
    NoTitle,
    OddCharacters,
    Unpacked,
    gzip_bomb,
)
from forcewire.demo.newsroom import Newsroom

Get = Callable[..., Any]
SITE = "wexmoor"


@pytest.fixture
def path(newsroom: Newsroom) -> str:
    return newsroom.articles(SITE)[0].path


def test_too_many_says_when_to_come_back_and_then_is_well(newsroom: Newsroom, get: Get, path: str) -> None:
    fault = newsroom.fault(SITE, too_many("3", path=path, times=2))
    answers = [get(SITE, path) for _ in range(3)]
    assert [each.status for each in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "3"
    assert fault.happened == 2


def test_fault_of_a_path_spares_the_others_and_a_pattern_takes_many(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, Status(status=500, path=path))
    assert get(SITE, path).status == 500
    assert get(SITE, newsroom.articles(SITE)[1].path).status == 200
    newsroom.mend(SITE)
    newsroom.fault(SITE, Status(status=503, path="/news/wexmoor/news/*"))
    assert {get(SITE, story.path).status for story in newsroom.articles(SITE)} == {503}
    assert get("ravenquay", "/").status == 200


def test_fault_of_a_site_spares_robots_txt(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, wall())
    assert (get(SITE, path).status, get(SITE, "/").status) == (403, 403)
    assert "you have been blocked" in get(SITE, path).text
    assert get(SITE, "/robots.txt").status == 200
    newsroom.mend()
    assert get(SITE, path).status == 200


def test_slow_page_takes_its_time_and_holds_nobody_else_up(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, Slow(seconds=0.4, path=path))
    start = time.monotonic()
    get(SITE, path)
    assert time.monotonic() - start > 0.4
    newsroom.fault(SITE, Slow(seconds=30, path=path))
    with socket.create_connection(("127.0.0.1", urlsplit(newsroom.base_urls[SITE]).port or 80)) as slow:
        slow.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert get(SITE, newsroom.articles(SITE)[1].path).status == 200
        assert not select.select([slow], [], [], 0)[0]


def test_cut_short_page_announces_more_than_it_sends(newsroom: Newsroom, get: Get, path: str) -> None:
    whole = len(get(SITE, path).body)
    newsroom.fault(SITE, CutShort(path=path))
    with pytest.raises(http.client.IncompleteRead) as caught:
        get(SITE, path)
    assert len(caught.value.partial) == whole // 2


def test_charset_of_the_bytes_differs_from_the_header(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, Charset(encoding="windows-1252", says="utf-8", path=path))
    got = get(SITE, path)
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert "“" in got.body.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        got.body.decode("utf-8")


def test_redirects_go_round_for_ever_or_off_the_site(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, RedirectLoop(path=path))
    target, seen = path, set()
    for _ in range(8):
        got = get(SITE, target)
        assert got.status == 302
        target = got.headers["location"]
        seen.add(target)
    assert len(seen) == 3
    newsroom.mend()
    newsroom.fault(SITE, RedirectTo(location="http://192.0.2.1/", status=301, path=path))
    assert get(SITE, path).headers["location"] == "http://192.0.2.1/"


def test_whole_site_may_redirect_to_its_listing(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, RedirectTo(location="/news/wexmoor/news/"))
    assert get(SITE, path).headers["location"] == "/news/wexmoor/news/"
    assert get(SITE, "/news/wexmoor/news/").status == 200


def listing_links(page: str) -> list[str]:
    return Selector(page).css(".c-card h3 a::attr(href)").getall()


@pytest.mark.parametrize("new_links", [False, True])
def test_endless_paging_always_links_a_next_page(newsroom: Newsroom, get: Get, new_links: bool) -> None:
    newsroom.fault(SITE, EndlessPaging(new_links=new_links))
    pages = [get(SITE, f"/news/wexmoor/news/?page={number}").text for number in (1, 2, 50, 900)]
    for page in pages:
        assert Selector(page).css('a[rel="next"]')
    assert listing_links(pages[2])
    assert (listing_links(pages[2]) == listing_links(pages[3])) is not new_links
    assert not new_links or get(SITE, listing_links(pages[3])[0]).status == 200


def test_empty_listing_is_a_page_without_a_story(newsroom: Newsroom, get: Get) -> None:
    newsroom.fault(SITE, EmptyListing(path="/news/wexmoor/news/"))
    got = get(SITE, "/news/wexmoor/news/")
    assert got.status == 200
    assert listing_links(got.text) == []


def test_duplicate_links_name_one_story_four_times(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, DuplicateLinks(path="/news/wexmoor/news/"))
    links = listing_links(get(SITE, "/news/wexmoor/news/").text)[:4]
    loud = newsroom.base_urls[SITE].upper()
    assert links == [path, f"{path}#related", f"{path}?utm_source=rss&utm_medium=feed", loud + path]
    assert get(SITE, links[2]).body == get(SITE, path).body


def test_page_without_a_title_has_its_text(newsroom: Newsroom, get: Get) -> None:
    for site in newsroom.base_urls:
        story = newsroom.articles(site)[0]
        newsroom.fault(site, NoTitle(path=story.path))
        page = Selector(get(site, story.path).text)
        assert not page.css("title, h1, [property='og:title'], [type='application/ld+json']")
        assert page.css("p")


def test_robots_txt_can_fail_forbid_and_slow_down(newsroom: Newsroom, get: Get) -> None:
    for status in (500, 403, 404):
        newsroom.robots(SITE, status=status)
        assert get(SITE, "/robots.txt").status == status
    newsroom.robots(SITE, "User-agent: *\nDisallow: /news/\nCrawl-delay: 2\n")
    assert get(SITE, "/robots.txt").body == b"User-agent: *\nDisallow: /news/\nCrawl-delay: 2\n"


@pytest.mark.parametrize("announced", [True, False])
def test_huge_page_is_sent_in_pieces_and_never_held(newsroom: Newsroom, path: str, announced: bool) -> None:
    newsroom.fault(SITE, Huge(size=30_000_000, announced=announced, path=path))
    host, port = urlsplit(newsroom.base_urls[SITE]).netloc.split(":")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with socket.create_connection((host, int(port)), 10) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
        client.settimeout(10)
        first = client.recv(65536)
        head = first.partition(b"\r\n\r\n")[0]
        received = len(first) - len(head) - 4
        while received < 30_000_000 and (piece := client.recv(1_000_000)):
            received += len(piece)
    assert received == 30_000_000
    assert (b"Content-Length: 30000000" in head) is announced
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 12_000


def test_client_that_leaves_a_huge_page_ends_its_sending(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, Huge(path=path))
    host, port = urlsplit(newsroom.base_urls[SITE]).netloc.split(":")
    with socket.create_connection((host, int(port)), 10) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        client.recv(1000)
    assert get(SITE, "/").status == 200


def test_gzip_bomb_is_small_and_unpacks_to_its_size(newsroom: Newsroom, get: Get, path: str) -> None:
    bomb = gzip_bomb(20_000_000)
    assert len(bomb) < 40_000
    page = zlib.decompress(bomb, 31)
    assert page.startswith(b"<!DOCTYPE html>")
    assert 20_000_000 <= len(page) < 20_001_000
    newsroom.fault(SITE, GzipBomb(size=20_000_000, path=path))
    assert get(SITE, path).body == bomb


def test_entity_bomb_is_a_small_feed(newsroom: Newsroom, get: Get) -> None:
    newsroom.fault(SITE, EntityBomb(path="/news/wexmoor/news/GetNewsRss/"))
    text = get(SITE, "/news/wexmoor/news/GetNewsRss/").text
    assert text.count("<!ENTITY") == 10
    assert len(text) < 2_000


def test_nested_page_is_as_deep_as_it_says(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, Nested(path=path))
    assert "<div>" * 20_000 in get(SITE, path).text


def test_odd_characters_are_on_the_page_and_not_in_its_encoding(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, OddCharacters(path=path))
    text = get(SITE, path).text
    assert "\x00\x0b\x1f" in text
    assert "&#55296;" in text
    assert "&#xD800;" in text


def test_long_title_and_future_date(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, LongTitle(path=path))
    newsroom.fault(SITE, FutureDate(path=path))
    page = get(SITE, path).text
    assert 99_900 < len(Selector(page).css("h1::text").get("")) <= 100_000
    assert "Published: 09:30 21/12/2099" in page


def test_header_may_claim_a_coding_that_is_not_there(newsroom: Newsroom, get: Get, path: str) -> None:
    newsroom.fault(SITE, Unpacked(path=path))
    got = get(SITE, path)
    assert got.headers["content-encoding"] == "gzip"
    assert got.body.startswith(b"<!DOCTYPE")


@pytest.mark.parametrize(
    "fault", [Status(status=500), CutShort(), Slow(seconds=0)], ids=lambda fault: type(fault).__name__
)
def test_validators_are_still_answered_under_a_fault_that_lets_the_page_through(
    newsroom: Newsroom, get: Get, path: str, fault: Fault
) -> None:
    tag = get(SITE, path).headers["etag"]
    newsroom.fault(SITE, fault)
    assert get(SITE, path, If_None_Match=tag).status == (500 if isinstance(fault, Status) else 304)

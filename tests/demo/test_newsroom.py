"""The newsroom serves its sites as real ones do: listings, feeds, validators, robots.txt, gzip, HEAD, a log."""

from __future__ import annotations

import gzip
import json
import socket
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import feedparser
import pytest
from parsel import Selector

from crawler.entries import load_entry
from forcewire.demo.articles import NewsArticle
from forcewire.demo.composer import benchmark_site
from forcewire.demo.forces import FORCES
from forcewire.demo.http_server import Request
from forcewire.demo.newsroom import CLOCK, Newsroom
from forcewire.demo.pages import KINDS

Get = Callable[..., Any]

SITES = [site.id for site in FORCES]
FEEDS = {
    "wexmoor": "/news/wexmoor/news/GetNewsRss/",
    "ravenquay": "/rss/current_news/66871",
    "civil-reservoirs": "/search/news-and-communications.atom?organisations%5B%5D=civil-reservoirs",
    "aldmoor-and-tarn": "/feed/",
    "east-strayshire": "/rss.xml",
}


@pytest.mark.parametrize("site", SITES)
def test_every_listed_story_answers(newsroom: Newsroom, get: Get, site: str) -> None:
    for article in newsroom.articles(site):
        got = get(site, article.path)
        assert got.status == 200, article.path
        assert article.title in "".join(Selector(got.text).css("h1 ::text").getall())


@pytest.mark.parametrize("site", SITES)
def test_following_the_next_link_finds_every_story_once(newsroom: Newsroom, get: Get, site: str) -> None:
    newsroom.redraw(site, page_size=3)
    kind = KINDS[newsroom.room(site).kind.name]
    path, seen = kind.entry_listings(newsroom.room(site).site)[-1 if site == "civil-reservoirs" else 0][1], []
    for _ in range(10):
        page = Selector(get(site, path).text)
        links = [a.attrib["href"] for a in page.css("main a") or page.css("#content a") if "href" in a.attrib]
        seen += [link for link in dict.fromkeys(links) if link in newsroom.room(site).articles]
        following = page.css('a[rel="next"]::attr(href), a.next::attr(href)').get()
        following = following or page.xpath('//a[starts-with(., "Next")]/@href').get()
        if following is None:
            break
        path = f"{urlsplit(path).path}{following}" if following.startswith("?") else following
    assert sorted(seen) == sorted(article.path for article in newsroom.articles(site))


@pytest.mark.parametrize("site", FEEDS)
def test_feed_is_valid_and_links_the_stories(newsroom: Newsroom, get: Get, site: str) -> None:
    feed = feedparser.parse(get(site, FEEDS[site]).body)
    assert not feed.bozo
    stories = {newsroom.base_urls[site] + article.path: article for article in newsroom.articles(site)}
    assert len(feed.entries) == min(len(stories), 10 if site == "east-strayshire" else 20)
    for entry in feed.entries:
        article = stories[entry.link.partition("?utm")[0]]
        assert entry.title == article.title


def test_mynewsdesk_feed_carries_tracking_and_types_differ_in_language(get: Get) -> None:
    assert "utm_source" in get("ravenquay", "/rss/current_news/66871").text
    assert "<language>sv</language>" in get("ravenquay", "/rss/source/60923/news").text


def test_govuk_api_holds_the_item_as_json(newsroom: Newsroom, get: Get) -> None:
    article = newsroom.articles("civil-reservoirs")[0]
    got = get("civil-reservoirs", f"/api/content{article.path}")
    data = json.loads(got.body)
    assert data["title"] == article.title
    assert article.body_html in data["details"]["body"]
    assert data["first_published_at"].startswith(f"{article.published_at:%Y-%m-%dT%H:%M}")
    assert get("civil-reservoirs", "/api/content/government/news/none").status == 404


def test_wordpress_interface_counts_its_posts(newsroom: Newsroom, get: Get) -> None:
    got = get("aldmoor-and-tarn", "/wp-json/wp/v2/posts?per_page=4&page=2")
    assert len(json.loads(got.body)) == 4
    assert got.headers["x-wp-total"] == str(len(newsroom.articles("aldmoor-and-tarn")))


@pytest.mark.parametrize("site", SITES)
def test_validators_give_304_without_a_body_and_only_while_nothing_changed(
    newsroom: Newsroom, get: Get, site: str
) -> None:
    for path in (newsroom.articles(site)[0].path, "/", "/robots.txt"):
        first = get(site, path)
        tag, since = first.headers["etag"], first.headers["last-modified"]
        for headers in ({"If_None_Match": tag}, {"If_Modified_Since": since}, {"If_None_Match": f'"x", W/{tag}'}):
            again = get(site, path, **headers)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["etag"] == tag
        assert get(site, path, If_None_Match='"other"', If_Modified_Since=since).status == 200
        assert get(site, path, If_Modified_Since="Mon, 01 Jan 2018 00:00:00 GMT").status == 200
        assert get(site, path, If_Modified_Since="rubbish").status == 200


def test_gzip_comes_when_asked_for_and_has_its_own_tag(newsroom: Newsroom, get: Get) -> None:
    path = newsroom.articles("wexmoor")[0].path
    packed, plain = get("wexmoor", path, Accept_Encoding="gzip"), get("wexmoor", path)
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "content-encoding" not in plain.headers
    assert packed.headers["etag"] != plain.headers["etag"]
    assert get("wexmoor", path, Accept_Encoding="gzip", If_None_Match=packed.headers["etag"]).status == 304


def test_head_says_what_get_would_send(newsroom: Newsroom, get: Get) -> None:
    path = newsroom.articles("marrowdale")[0].path
    head, full = get("marrowdale", path, method="HEAD"), get("marrowdale", path)
    assert head.body == b""
    assert head.headers == full.headers
    assert get("marrowdale", path, method="POST").status == 405


@pytest.mark.parametrize("site", SITES)
def test_links_of_the_furniture_lead_to_pages_that_are_no_news(newsroom: Newsroom, get: Get, site: str) -> None:
    story = newsroom.articles(site)[0].path
    links = Selector(get(site, story).text).css("header a, footer a, #header a, #footer a, #leftNav a")
    paths = {link.attrib["href"] for link in links if link.attrib["href"].startswith("/")}
    assert len(paths) > 3
    assert {get(site, path).status for path in paths} == {200}


def test_unknown_page_is_404_and_style_and_pictures_answer(get: Get) -> None:
    assert get("wexmoor", "/news/wexmoor/news/none/").status == 404
    assert get("wexmoor", "/dist/main.css?v=1").headers["content-type"] == "text/css"
    assert get("wexmoor", "/logo.png").status == 200


def test_ticking_site_differs_on_every_fetch_and_sends_no_validators(newsroom: Newsroom, get: Get) -> None:
    newsroom.settings("wexmoor", ticking=True)
    path = newsroom.articles("wexmoor")[0].path
    first, second = get("wexmoor", path), get("wexmoor", path)
    assert first.body != second.body
    assert "etag" not in first.headers


def test_log_tells_agents_validators_and_counts(newsroom: Newsroom, get: Get) -> None:
    path = newsroom.articles("wexmoor")[0].path
    get("wexmoor", path, User_Agent="Forcewire-test/1")
    get("wexmoor", path, User_Agent="Forcewire-test/1", If_None_Match="*")
    log = newsroom.log
    assert log.by_path("wexmoor") == {path: 2}
    assert log.by_status("wexmoor") == {200: 1, 304: 1}
    assert [each.conditional for each in log.of("wexmoor")] == [False, True]
    assert log.user_agents() == {"Forcewire-test/1"}
    log.clear()
    assert not log.entries


def test_log_counts_requests_that_are_open_at_once_per_host(newsroom: Newsroom, get: Get) -> None:
    newsroom.settings("wexmoor", latency=0.2)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: get("wexmoor", "/robots.txt"), range(4)))
    get("ravenquay", "/robots.txt")
    assert newsroom.log.most_at_once("wexmoor") > 1
    assert newsroom.log.most_at_once("ravenquay") == 1


def test_requests_sent_ahead_are_answered_in_order(newsroom: Newsroom) -> None:
    host, port = urlsplit(newsroom.base_url).netloc.split(":")
    first, second = (article.path for article in newsroom.articles("wexmoor")[:2])
    with socket.create_connection((host, int(port)), 5) as client:
        client.sendall("".join(f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n" for path in (first, second)).encode())
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.endswith(b"Sitemap: /sitemap.xml")
    assert [each.path for each in newsroom.log.entries] == [first, second, "/robots.txt"]


@pytest.mark.parametrize("rubbish", [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01" * 30_000])
def test_rubbish_is_refused_and_the_server_lives_on(newsroom: Newsroom, get: Get, rubbish: bytes) -> None:
    host, port = urlsplit(newsroom.base_url).netloc.split(":")
    with socket.create_connection((host, int(port)), 5) as client:
        client.sendall(rubbish)
        try:
            answer = client.recv(100)
        except ConnectionError:
            answer = b""
        assert b"200" not in answer
    assert get("wexmoor", "/robots.txt").status == 200


def test_written_entries_load_and_name_the_host_with_its_port(newsroom: Newsroom, tmp_path: Path) -> None:
    files = newsroom.write_entries(tmp_path / "sources")
    entries = [load_entry(path) for path in files]
    assert [entry.id for entry in entries] == SITES
    for entry in entries:
        assert entry.loopback
        assert entry.hosts == (urlsplit(newsroom.base_urls[entry.id]).netloc,)
    feed_first = newsroom.write_entries(tmp_path / "feeds", kinds=("rss", "atom"))
    assert [load_entry(path).listing[0].kind for path in feed_first][:3] == ["rss", "rss", "atom"]


def test_addresses_of_an_old_archive_are_served_as_they_are(fetch: Get) -> None:
    paths = ["/Pages/Story.aspx?id=1f-2", "/news/40,000-arson", "/news/a%E2%80%93b", "/News/Naïve-–-case.aspx"]
    stories = [NewsArticle(path, f"Story {n}", "<p>Text.</p>") for n, path in enumerate(paths)]
    with Newsroom([(FORCES[5], stories)]) as newsroom:
        for path in paths:
            assert fetch(newsroom.base_url, quote(path, safe="/%?=,&")).status == 200, path
        assert fetch(newsroom.base_url, paths[1] + "?utm_source=rss").status == 200
        assert fetch(newsroom.base_url, paths[1].upper()).status == 404


def test_two_newsrooms_hold_the_same_bytes(fetch: Get) -> None:
    def everything() -> dict[str, bytes]:
        with Newsroom(port=0) as newsroom:
            return {
                article.path: fetch(newsroom.base_urls[site], article.path).body.replace(
                    newsroom.base_urls[site].encode(), b""
                )
                for site in SITES
                for article in newsroom.articles(site)
            }

    assert everything() == everything()


def test_warm_newsroom_draws_and_zips_nothing_that_a_benchmark_would_pay_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with Newsroom([benchmark_site(FORCES[0], 300, now=CLOCK)]) as newsroom:
        assert newsroom.warm() == 300
        room = newsroom.room()
        requests = [Request("GET", path, {b"accept-encoding": b"gzip"}) for path in room.articles]
        calls: Counter[str] = Counter()
        with monkeypatch.context() as patch:
            patch.setattr("forcewire.demo.responses.gzip.compress", None)
            sys.setprofile(lambda _, what, about: calls.update([what]))
            try:
                replies = [room.answer(request) for request in requests]
            finally:
                sys.setprofile(None)
    assert {len(gzip.decompress(reply.body)) for reply in replies[:5]} == {40_000}
    assert 0 < calls["call"] / 300 < 30


def test_only_loopback_is_served() -> None:
    with pytest.raises(ValueError, match="loopback only"):
        Newsroom(host="0.0.0.0")


def test_taken_port_is_an_error_and_leaves_no_thread(newsroom: Newsroom) -> None:
    port = urlsplit(newsroom.base_url).port
    assert port is not None
    with pytest.raises(OSError, match="in use"), Newsroom(port=port):
        pass

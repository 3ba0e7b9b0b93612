"""nginx and Caddy in front of a service that runs, and of one that is down."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest

from tests.deploy.conftest import News, get
from tests.deploy.servers import caddy, nginx

SERVERS = {"nginx": (nginx, "forcewire.conf"), "caddy": (caddy, "Caddyfile")}


@pytest.fixture(scope="module", params=SERVERS)
def up(request: pytest.FixtureRequest, news: News, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server, name = SERVERS[request.param]
    yield from server(name, tmp_path_factory.mktemp("up"), news.files, news.port)


@pytest.fixture(scope="module", params=SERVERS)
def down(request: pytest.FixtureRequest, news: News, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server, name = SERVERS[request.param]
    yield from server(name, tmp_path_factory.mktemp("down"), news.files, news.nobody)


@pytest.mark.parametrize("coding", ["gzip", "br", "identity"])
@pytest.mark.parametrize("path", ["/feeds/all.atom", "/feeds/tarn.json", "/feeds/all.rss?q=gate", "/", "/api/v1/areas"])
def test_what_the_service_says_comes_through_as_it_is(up, news, path, coding):
    ours, through = (get(url + path, accept_encoding=coding) for url in (news.url, up))
    assert through.status == ours.status == 200
    assert through.data == ours.data
    for name in (
        "Content-Type",
        "Content-Encoding",
        "ETag",
        "Cache-Control",
        "Content-Security-Policy",
        "Last-Modified",
    ):
        assert through.headers[name] == ours.headers[name], name


def test_a_reader_that_has_it_gets_304(up):
    first = get(f"{up}/feeds/all.atom", accept_encoding="gzip")
    again = get(f"{up}/feeds/all.atom", accept_encoding="gzip", if_none_match=first.headers["ETag"])
    assert (again.status, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/metrics", "/metrics?name=x"])
def test_metrics_are_not_for_the_outside(up, down, path):
    for url in (up, down):
        assert get(url + path).status == 404


def test_a_browser_is_told_to_come_by_https_and_nobody_which_version_serves(up):
    answer = get(f"{up}/")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "/" not in (answer.headers["Server"] or "")


def test_what_is_sent_to_it_is_not_taken(up):
    assert get(f"{up}/feeds/all.atom", method="POST", data=b"x").status == 405
    assert get(f"{up}/", method="POST", data=b"x" * 5000).status in (405, 413)
    assert get(f"{up}/feeds/all.atom", method="DELETE").status == 405


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/feeds/all.atom", "application/atom+xml"),
        ("/feeds/tarn.rss", "application/rss+xml"),
        ("/feeds/all.json", "application/feed+json"),
        ("/feeds.opml", "text/x-opml"),
    ],
)
def test_feeds_stay_while_the_service_is_down(down, news, path, kind):
    answer = get(down + path)
    assert answer.status == 200
    assert answer.data == (news.files / path[1:]).read_bytes()
    assert answer.headers["Content-Type"].replace(" ", "") == f"{kind};charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_reader_is_never_given_an_empty_feed_while_the_service_is_down(down, news):
    tag = get(f"{down}/feeds/all.atom").headers["ETag"]
    for headers in (
        {"if_none_match": tag},
        {"if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"range": "bytes=0-9"},
    ):
        again = get(f"{down}/feeds/all.atom", **headers)
        whole = (again.status, again.data) == (200, (news.files / "feeds/all.atom").read_bytes())
        assert whole or (again.status, again.data) == (304, b"") or again.status == 206


def test_pages_stay_too_where_they_were_published(down, news):
    answer = get(f"{down}/areas/tarn")
    assert answer.data == (news.files / "areas/tarn/index.html").read_bytes()
    assert answer.headers["Content-Type"].replace(" ", "") == "text/html;charset=utf-8"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["/feeds/all.rss?q=gate", "/api/v1/areas", "/search?q=gate", "/feeds/nobody.rss", "/nothing"]
)
def test_what_there_is_no_file_of_waits(down, path):
    answer = get(down + path)
    assert answer.status in (502, 503)
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize("path", ["/feeds/.published.json", "/.pages.json"])
def test_what_publish_wrote_for_itself_is_not_served(up, down, path):
    assert get(up + path).status == 404
    assert get(down + path).status in (404, 502)


def test_nginx_sends_to_https(news, tmp_path):
    for url in nginx("forcewire.conf", tmp_path, news.files, news.port):
        [port] = re.findall(r"listen 127.0.0.1:(\d+);", (tmp_path / "nginx.conf").read_text())
        answer = get(f"http://127.0.0.1:{port}/feeds/all.rss?q=x", host="news.example.org")
        assert (answer.status, answer.headers["Location"]) == (301, "https://news.example.org/feeds/all.rss?q=x")
        assert url.startswith("https:")


@pytest.mark.slow
def test_who_searches_without_end_is_asked_to_wait_and_readers_of_feeds_are_not(news, tmp_path):
    for url in nginx("forcewire.conf", tmp_path, news.files, news.port):
        assert 429 in {get(f"{url}/api/v1/areas").status for _ in range(60)}
        assert {get(f"{url}/feeds/all.rss").status for _ in range(60)} == {200}


def test_packed_bytes_are_the_feed(up, news):
    assert (
        gzip.decompress(get(f"{up}/feeds/all.rss", accept_encoding="gzip").data)
        == get(f"{news.url}/feeds/all.rss").data
    )

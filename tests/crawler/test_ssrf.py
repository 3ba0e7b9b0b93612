"""Whatever a site says, and whatever its name leads to, nothing but public addresses is connected to, and nothing else is sent a byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from crawler.entries import SourceEntry
from crawler.failures import FetchFailed, StopCrawl
from crawler.options import CrawlOptions
from crawler.probing.session import Job, Session, run_job
from crawler.probing.site import plain_entry
from crawler.run import crawl_sources
from tests.crawler.internet import PUBLIC, SITE, Internet, internet

PRIVATE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.8", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "224.0.0.1", "255.255.255.255",
    "::1", "::", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::1", "2001:0:7f00:1::", "fe80::1", "fd00:ec2::254", "fec0::1", "ff02::1",
]  # fmt: skip
# PORT is that of a listener on loopback, which counts.
FORMS = [
    "http://127.0.0.1:PORT/", "http://127.1:PORT/", "http://127.0.1:PORT/", "http://2130706433:PORT/", "http://017700000001:PORT/", "http://0x7f000001:PORT/", "http://0x7f.0.0.1:PORT/", "http://0177.0.0.1:PORT/", "http://0177.0.0x1:PORT/",
    "http://0:PORT/", "http://0.0.0.0:PORT/", "http://00000000127.0.0.1:PORT/", "http://127.0.0.1.:PORT/", "http://localhost:PORT/", "http://LOCALHOST.:PORT/", "http://[::1]:PORT/", "http://[::]:PORT/", "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/", "http://[::ffff:7f00:1]:PORT/", "http://[::127.0.0.1]:PORT/", "http://[64:ff9b::7f00:1]:PORT/", "http://[2002:7f00:1::1]:PORT/", "http://[::1%25lo]:PORT/", "http://[::1%lo]:PORT/", "http://[fe80::1%25lo]:PORT/",
    "http://www.fenwold.example@127.0.0.1:PORT/", "http://www.fenwold.example:80@127.0.0.1:PORT/", "http://user:pass@[::1]:PORT/", "http://127.0.0.1:PORT\\@www.fenwold.example/", "http://www.fenwold.example\\@127.0.0.1:PORT/", "http:\\\\127.0.0.1:PORT/", "http:/127.0.0.1:PORT/", "http:127.0.0.1:PORT/",
    "http://%31%32%37.0.0.1:PORT/", "http://127%2e0%2e0%2e1:PORT/", "http://%6c%6f%63%61%6c%68%6f%73%74:PORT/", "http://１２７.０.０.１:PORT/", "http://127。0。0。1:PORT/", "http://①②⑦.0.0.1:PORT/", "http://ｌｏｃａｌｈｏｓｔ:PORT/", "http://127.0.0.1#@www.fenwold.example:PORT/",
    "http://127.0.0.1:PORT?@www.fenwold.example/", "http://www.fenwold.example#@127.0.0.1:PORT/", "http://127.0.0.1\t:PORT/", "http://127.0.0.1:PORT\r\nX: y/", "https://127.0.0.1:PORT/", "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/", "http://[fd00:ec2::254]/",
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:PORT/_x", "ftp://127.0.0.1:PORT/x", "data:text/html,<h1>x</h1>", "s3://bucket/key", "jar:http://127.0.0.1:PORT/x!/", "dict://127.0.0.1:PORT/x", "ldap://127.0.0.1:PORT/", "unix:///run/docker.sock", "http+unix://%2frun%2fdocker.sock/", "javascript:alert(1)", "ws://127.0.0.1:PORT/", "//127.0.0.1:PORT/", "", "http://", "http://:PORT/",
]  # fmt: skip
NO_ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
LIVE = CrawlOptions(contact="desk@fenwold.example", allow_loopback=True)


@pytest.fixture
def site() -> None:
    """The small site of the other tests is not wanted here."""


def answer(body: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **headers: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\nConnection: close\r\n{lines}\r\n"
    return (head + body).encode()


Online = Callable[[Callable[[str], bytes]], Any]


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Online:
    @contextmanager
    def run(serve: Callable[[str], bytes]) -> Iterator[Internet]:
        with internet(serve, monkeypatch, tmp_path) as net:
            yield net

    return run


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.settings.DOWNLOAD_DELAY", 0)


def entry_of(host: str, **more: Any) -> SourceEntry:
    return plain_entry(f"https://{host}/").model_copy(update=more)


def asked(urls: list[str], entry: SourceEntry) -> list[str]:
    """What each URL answers when it is asked for outright, as nothing of a site's own words is."""
    outcomes: list[str] = []

    async def work(session: Session) -> None:
        for url in urls:
            try:
                outcomes.append(str((await session.get(url, tries=1)).status))
            except (FetchFailed, StopCrawl) as error:
                outcomes.append(f"{error.kind}: {error}")

    run_job(Job(entry, work), LIVE)
    return outcomes


def test_the_internet_of_these_tests_leads_to_its_site(online: Online) -> None:
    """Without this the others could not fail: a site that nobody reaches leaks nothing."""
    with online(lambda path: answer("<h1>News</h1>") if path != "/robots.txt" else NO_ROBOTS) as net:
        assert asked([f"https://{SITE}/"], entry_of(SITE)) == ["200"]
        assert net.opened == [(PUBLIC, 443)] * 2


def test_no_spelling_of_an_address_and_no_scheme_is_a_way_to_this_machine(online: Online) -> None:
    with online(lambda path: NO_ROBOTS) as net:
        urls = [form.replace("PORT", str(net.trap.port)) for form in FORMS]
        for url, outcome in zip(urls, asked(urls, entry_of(SITE)), strict=True):
            # A name before the sign that begins a fragment is the site itself, and is asked there.
            assert not outcome.isdecimal() or (outcome == "404" and url.startswith(f"http://{SITE}")), (url, outcome)
        assert net.leaks == []
        assert (net.trap.connections, net.trap.bytes) == (0, 0)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_to_an_address_that_is_not_public_is_refused_at_connect(online: Online, address: str) -> None:
    with online(lambda path: NO_ROBOTS) as net:
        net.names["inside.fenwold.example"] = [[address]]
        host = f"inside.fenwold.example:{net.trap.port}"
        urls = [f"https://inside.fenwold.example/{n}" for n in range(2)] + [f"https://{host}/", f"http://{host}/"]
        outcomes = asked(urls, entry_of(host))
        assert all("not a public address" in outcome for outcome in outcomes), outcomes
        assert net.opened == []
        assert (net.trap.connections, net.trap.bytes) == (0, 0)


def test_of_several_addresses_the_public_ones_alone_are_used(online: Online) -> None:
    with online(lambda path: answer("<h1>News</h1>") if path != "/robots.txt" else NO_ROBOTS) as net:
        net.names[SITE] = [["127.0.0.1", PUBLIC, "::1"]]
        assert asked([f"https://{SITE}/"], entry_of(SITE)) == ["200"]
        assert set(net.opened) == {(PUBLIC, 443)}


def test_a_name_that_changes_to_this_machine_after_the_first_look_up_is_refused_there(
    online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiohttp.connector.TCPConnector._resolve_host", _without_memory)
    with online(lambda path: answer("<h1>News</h1>") if path != "/robots.txt" else NO_ROBOTS) as net:
        net.names[SITE] = [[PUBLIC], [PUBLIC], ["127.0.0.1"]]
        outcomes = asked([f"https://{SITE}/1", f"https://{SITE}/2", f"https://{SITE}/3"], entry_of(SITE))
        assert outcomes[0] == "200"
        assert all("not a public address" in outcome for outcome in outcomes[1:]), outcomes
        assert set(net.opened) == {(PUBLIC, 443)}
        assert net.looked_up.count(SITE) >= 3


async def _without_memory(self: Any, host: str, port: int, traces: Any = None) -> Any:
    """A rebinder's answers have no time to live: aiohttp would keep the first for ten seconds."""
    return await self._resolver.resolve(host, port, family=self._family)


# What a site may say, each with the address of a listener on this machine in place of TARGET

EVIL = ["http://127.0.0.1:PORT/x", "https://127.0.0.1:PORT/x", "//127.0.0.1:PORT/x", "http://2130706433:PORT/x", f"https://{SITE}@127.0.0.1:PORT/x", "https://inside.fenwold.example:PORT/x", "http://169.254.169.254/x", "file:///etc/passwd", "gopher://127.0.0.1:PORT/x"]  # fmt: skip
STORY = "<article><h1>Van stolen in Fenwold</h1><time datetime='2026-11-20T10:00:00Z'>20 November 2026</time>" + "".join(f"<p>Officers in Fenwold are appealing for witnesses to the theft, part {n}.</p>" for n in range(8)) + "</article>"  # fmt: skip


STORY_AT, NEWS = "/news/van-stolen-in-fenwold-", "/news/"
FOUND = "".join(f"<li><h3><a href='{STORY_AT}{n}'>Van {n} stolen in Fenwold</a></h3></li>" for n in range(len(EVIL)))
LISTING = f"<h1>News</h1>{{more}}<main><ul>{FOUND}</ul></main>"
Serve = Callable[[str, str], bytes | None]  # path and target to an answer, None: what the site answers without it


def _redirected(status: str) -> Serve:
    return lambda path, target: answer("", status, Location=target) if path.startswith(STORY_AT) else None


def _said(html: str, **headers: str) -> Serve:
    """In a story."""

    def serve(path: str, target: str) -> bytes | None:
        told = {name: value.format(target=target) for name, value in headers.items()}
        return answer(html.replace("{target}", target), **told) if path.startswith(STORY_AT) else None

    return serve


def _listed(html: str) -> Serve:
    listing = LISTING.replace("{more}", html)
    return lambda path, target: answer(listing.replace("{target}", target)) if path == NEWS else None


STORIES: dict[str, Serve] = {
    **{f"redirect {status}": _redirected(f"{status} Moved") for status in (301, 302, 303, 307, 308)},
    "meta refresh": _said("<meta http-equiv=refresh content='0; url={target}'>" + STORY),
    "meta refresh alone": _said("<html><head><meta http-equiv=refresh content='0; url={target}'></head></html>"),
    "script": _said("<script>location.replace('{target}')</script>"),
    "Refresh header": _said(STORY, Refresh="0; url={target}"),
    "Link header": _said(STORY, Link="<{target}>; rel=canonical"),
    "canonical": _said("<link rel=canonical href='{target}'>" + STORY),
    "og:url and og:image": _said("<meta property='og:url' content='{target}'><meta property='og:image' content='{target}'>" + STORY),
    "pictures, frames and styles": _said("<link rel=stylesheet href='{target}'><img src='{target}'><iframe src='{target}'></iframe>" + STORY),
}  # fmt: skip
PAGES: dict[str, Serve] = {
    "redirect of the listing": lambda path, target: answer("", "302 Found", Location=target) if path == NEWS else None,
    "redirect of robots.txt": lambda path, target: answer("", "302 Found", Location=target) if path == "/robots.txt" else None,
    "base": _listed("<base href='{target}'>"),
    "link of a listing": _listed("<li><h3><a href='{target}'>Another story of Fenwold</a></h3></li>"),
    "next page": _listed("<a rel=next href='{target}'>2</a>"),
    "feed in the head": _listed("<link rel=alternate type='application/rss+xml' href='{target}'>"),
}  # fmt: skip
RSS = "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><atom:link rel='next' href='{target}'/><link>{target}</link><item><title>Van</title><link>{target}</link><guid>{target}</guid></item></channel></rss>"
SITEMAP = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{target}</loc></url></urlset>"
INDEX = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>{target}</loc></sitemap></sitemapindex>"
ENTITY = "<!DOCTYPE r SYSTEM '{target}' [<!ENTITY x SYSTEM '{target}'><!ENTITY % y SYSTEM '{target}'>%y;]>"
LISTINGS = {
    "rss": ("rss", RSS),
    "rss with an entity": ("rss", ENTITY + RSS.replace("Van", "Van &x;")),
    "xml:base": ("rss", RSS.replace("<rss", "<rss xml:base='{target}'").replace("<link>{target}", "<link>van")),
    "a style sheet of XML": ("rss", "<?xml-stylesheet href='{target}'?><rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><xi:include href='{target}'/></channel></rss>"),
    "atom": ("atom", "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='next' href='{target}'/><entry><title>Van</title><link href='{target}'/><id>{target}</id></entry></feed>"),
    "sitemap": ("sitemap", SITEMAP),
    "index of sitemaps": ("sitemap", INDEX),
    "API": ("api", '{"next_url": "{target}", "items": [{"url": "{target}", "id": "{target}", "title": "Van stolen"}]}'),
}  # fmt: skip


def crawled(online: Online, tmp_path: Path, serve: Serve, evil: str | None, kind: str = "html") -> None:
    """Crawls the site that tells of `evil`, or of each address in a story of its own; nothing but the site may be asked."""
    port = 0

    def site(path: str) -> bytes:
        place = path.removeprefix(STORY_AT)
        target = (evil or EVIL[int(place) if place.isdecimal() else 0]).replace("PORT", str(port))
        if (told := serve(path, target)) is not None:
            return told
        if path == "/robots.txt":
            return answer(f"User-agent: *\nSitemap: {target}\n", kind="text/plain")
        return answer(STORY if path.startswith(STORY_AT) else LISTING.replace("{more}", ""))

    with online(site) as net:
        port = net.trap.port
        net.names["inside.fenwold.example"] = [["127.0.0.1"]]
        listing = entry_of(SITE).listing[0].model_copy(update={"url": f"https://{SITE}{NEWS}", "kind": kind})
        options = CrawlOptions(database_url=f"sqlite:///{tmp_path}/store.db", contact=LIVE.contact, allow_loopback=True)
        crawl_sources([entry_of(SITE, listing=(listing,))], options)
        assert len(net.opened) > (len(EVIL) if evil is None else 0), "the site was asked"
        assert net.leaks == []
        assert (net.trap.connections, net.trap.bytes) == (0, 0)
        assert set(net.looked_up) == {SITE}


@pytest.mark.parametrize("vector", STORIES)
def test_nothing_that_a_story_says_is_a_way_to_this_machine(online: Online, tmp_path: Path, vector: str) -> None:
    crawled(online, tmp_path, STORIES[vector], None)


def _of_a_listing(vector: str) -> tuple[Serve, str]:
    if vector in PAGES:
        return PAGES[vector], "html"
    kind, text = LISTINGS[vector]
    media = "application/json" if kind == "api" else "application/xml"
    return lambda path, target: answer(text.replace("{target}", target), kind=media) if path == NEWS else None, kind


# Each with one address, in turn; all of them with all addresses are for make test-faults.
@pytest.mark.parametrize(("number", "vector"), list(enumerate([*PAGES, *LISTINGS])))
def test_nothing_that_a_listing_says_is_a_way_to_this_machine(
    online: Online, tmp_path: Path, number: int, vector: str
) -> None:
    serve, kind = _of_a_listing(vector)
    crawled(online, tmp_path, serve, EVIL[number % len(EVIL)], kind)


@pytest.mark.faults
@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("vector", [*PAGES, *LISTINGS])
def test_no_address_that_a_listing_says_is_a_way_to_this_machine(
    online: Online, tmp_path: Path, evil: str, vector: str
) -> None:
    serve, kind = _of_a_listing(vector)
    crawled(online, tmp_path, serve, evil, kind)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
def test_a_proxy_of_the_environment_is_not_used(online: Online, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with online(lambda path: NO_ROBOTS) as net:
        monkeypatch.setenv(name, f"http://127.0.0.1:{net.trap.port}")
        assert asked([f"https://{SITE}/"], entry_of(SITE)) == ["404"]
        assert net.leaks == []
        assert net.trap.connections == 0


def test_a_source_on_this_machine_opens_no_other_port_of_it(online: Online) -> None:
    with online(lambda path: NO_ROBOTS) as net:
        own = f"127.0.0.1:{net.server[1]}"
        other = [f"http://127.0.0.1:{net.trap.port}/", f"http://localhost:{net.trap.port}/", "http://127.0.0.1/"]
        net.names["localhost"] = [["127.0.0.1"]]
        outcomes = asked(other, plain_entry(f"http://{own}/"))
        assert all(f"is at {net.server[1]} of this machine" in outcome for outcome in outcomes), outcomes
        assert net.opened == []
        assert (net.trap.connections, net.trap.bytes) == (0, 0)

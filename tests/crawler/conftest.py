"""A small site on loopback whose every answer a test writes, and a reader for it that knows three selectors."""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from scrapy.http import Response, TextResponse

from crawler.entries import SourceEntry
from crawler.options import CrawlOptions, CrawlSummary
from crawler.readers import READERS
from crawler.readers.base import Listing, Reader
from crawler.run import crawl_sources
from crawler.selectors import NotNews, only
from storage.records import Link, Record


@dataclass
class Answer:
    """One answer: `cut` closes the connection after so many bytes of the body, `wait` keeps the asker waiting."""

    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    wait: float = 0.0
    length: bool = True


@dataclass
class Asked:
    """One request as the site saw it."""

    path: str
    at: float
    headers: dict[str, str]


Page = Answer | list[Answer] | Callable[["Asked"], Answer]


class Site:
    """Serves `pages` by path (404 for others): an answer, a list of answers in turn (the last for ever), or a function."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {"/robots.txt": Answer("", headers={"Content-Type": "text/plain"})}
        self.asked: list[Asked] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                site.serve(self)

            def log_message(self, *_: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.base = f"http://{self.host}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            asked = Asked(handler.path, time.monotonic(), {k.lower(): v for k, v in handler.headers.items()})
            self.asked.append(asked)
            page = self.pages.get(handler.path, Answer("gone", 404))
            if isinstance(page, list):
                page = page.pop(0) if len(page) > 1 else page[0]
        answer = page(asked) if callable(page) else page
        time.sleep(answer.wait)
        with self._lock:
            self._now -= 1
        self._send(handler, answer)

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        handler.send_response(answer.status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **answer.headers}.items():
            handler.send_header(name, value)
        if answer.length:
            handler.send_header("Content-Length", str(len(body)))
        else:
            handler.close_connection = True
        handler.end_headers()
        try:
            handler.wfile.write(body if answer.cut is None else body[: answer.cut])
        except OSError:
            handler.close_connection = True
        if answer.cut is not None:
            handler.close_connection = True

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def gaps(self) -> list[float]:
        times = [asked.at for asked in self.asked]
        return [b - a for a, b in itertools.pairwise(times)]

    def story(self, number: int, text: str = "A van was taken.", etag: str | None = None) -> str:
        """Puts up an article page with validators; returns its path."""
        path = f"/news/story-{number}/"
        etag = f'"{etag or hash(text)}"'
        html = f"<html><head></head><body><h1>Story {number}</h1><p>{text}</p></body></html>"

        def answer(asked: Asked) -> Answer:
            if asked.headers.get("if-none-match") == etag:
                return Answer("", 304, {"ETag": etag})
            return Answer(html, headers={"ETag": etag})

        self.pages[path] = answer
        return path

    def listing(self, *paths: str, path: str = "/news/", next_path: str | None = None, **more: Any) -> None:
        """Puts up a listing page of these paths."""
        links = "".join(f'<li><a class="story" href="{link}">A story</a></li>' for link in paths)
        following = f'<a rel="next" href="{next_path}">more</a>' if next_path else ""
        self.pages[path] = Answer(f"<html><body><ul>{links}</ul>{following}</body></html>", **more)

    def stories(self, number: int) -> list[str]:
        """Puts up so many stories and a listing of them."""
        paths = [self.story(n) for n in range(1, number + 1)]
        self.listing(*paths)
        return paths


class TinyReader(Reader):
    name: ClassVar[str] = "tiny"

    def listing(self, response: Response, kind: str) -> Listing:
        assert isinstance(response, TextResponse)
        if b"<body" not in response.body:
            only([], "listing", response.url)
        hrefs = response.css("a.story::attr(href)").getall()
        links = tuple(Link(url=response.urljoin(href)) for href in hrefs)
        next_url = response.css("a[rel=next]::attr(href)").get()
        return Listing(links, response.urljoin(next_url) if next_url else None)

    def article(self, response: Response, link: Link | None = None) -> Record:
        if response.css("form.contact"):
            raise NotNews("a form", response.url)
        if response.css("b.bomb"):
            raise RuntimeError("a fault of the reader")
        title = only(response.css("h1::text").getall(), "headline", response.url)
        body = "\n\n".join(response.css("p::text").getall())
        return Record(
            source=self.entry.id,
            area=self.entry.area,
            url=response.url,
            title=title,
            body=body,
            reader=self.name,
            reader_version=self.version,
        )


@pytest.fixture(autouse=True)
def tiny_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("tiny_reader_of_the_tests")
    module.TinyReader = TinyReader  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(READERS, "tiny", (module.__name__, "TinyReader"))


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


MakeEntry = Callable[..., SourceEntry]


@pytest.fixture
def make_entry(site: Site) -> MakeEntry:
    def make(**more: Any) -> SourceEntry:
        values: dict[str, Any] = {
            "id": "fenwold",
            "name": "Fenwold Constabulary",
            "force": "Fenwold Constabulary",
            "area": "Fenwold",
            "reader": "tiny",
            "hosts": [site.host],
            "listing": [{"kind": "html", "url": f"{site.base}/news/"}],
            "interval": "15m",
            "assertions": {"min": {"links": 1}, "fill": {}},
        }
        return SourceEntry(**values | more)

    return make


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


Crawl = Callable[..., CrawlSummary]


@pytest.fixture
def crawl(make_entry: MakeEntry, database: str) -> Crawl:
    """One crawl of one source of the site, with no delay unless the test asks for one."""

    def run(entry: SourceEntry | None = None, **more: Any) -> CrawlSummary:
        values: dict[str, Any] = {"database_url": database, "allow_loopback": True, "delay": 0.0}
        (summary,) = crawl_sources([entry or make_entry()], CrawlOptions(**values | more))
        return summary

    return run

"""A store of invented news, and the site of it: asked directly, or on a socket of loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import uvloop

from feeds.build import Document, Press, UnknownFeed
from feeds.site import watching
from feeds.site.context import Site
from feeds.site.limits import Limits
from feeds.site.serving import listen, serve
from storage.areas import area_slug
from storage.tables import ARTICLE, SOURCE, VERSION
from tests.feeds.conftest import NewsStore

BASE_URL = "https://news.example.org"


class Told:
    """Stands where `feeds.build.document` does: the titles of a scope, and how often it was asked. What serving does to bytes
    does not hang on which bytes they are.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.size = 2000
        self.during: Callable[[], None] = lambda: None

    def __call__(
        self, conn: sa.Connection, press: Press, name: str, *, query: Any = None, memory: Any = None
    ) -> Document:
        self.asked.append(name)
        scope = name.partition("/")[0].partition(".")[0]
        rows = conn.execute(
            sa.select(SOURCE.c.area, VERSION.c.title)
            .select_from(ARTICLE)
            .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
            .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
            .where(ARTICLE.c.suppressed_at.is_(None))
            .order_by(ARTICLE.c.id)
        ).all()
        areas = {area_slug(area) for area in conn.scalars(sa.select(SOURCE.c.area))}
        if scope not in {"all", "feeds", *areas}:
            raise UnknownFeed(name, [f"{area}.atom" for area in areas])
        titles = [title for area, title in rows if scope in ("all", "feeds", area_slug(area))]
        self.during()
        data = "\n".join([name, str(query and query.q), *titles, "x" * self.size]).encode()
        return Document(name, "application/atom+xml", data, datetime.now(UTC))


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewsStore]:
    """Two areas with three stories each, for a module's tests."""
    made = NewsStore(tmp_path_factory.mktemp("site") / "forcewire.db")
    for area in ("Northmarch", "Tarn"):
        made.source(area)
        for _ in range(3):
            made.article(area.lower())
    yield made
    made.engine.dispose()


@pytest.fixture(autouse=True)
def _views_see_the_store_as_it_is(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of pages or the API writes and asks within the second that what was made may stay."""
    if request.path.parent.name in ("api", "pages"):
        monkeypatch.setattr(watching, "EVERY", -1.0)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    stand_in = Told()
    monkeypatch.setattr("feeds.site.documents.document", stand_in)
    return stand_in


@pytest.fixture
def site(news: NewsStore) -> Site:
    return Site(news.engine, Press(BASE_URL))


class Running:
    """A server on loopback, in a thread."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def connect(self, seconds: float = 10) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), seconds)

    def say(self, request: bytes, seconds: float = 10) -> bytes:
        """All that comes back for some bytes, until the server closes; the client says no more."""
        with self.connect(seconds) as talk:
            talk.sendall(request)
            return read_all(talk)


def read_all(talk: socket.socket) -> bytes:
    came = b""
    while piece := talk.recv(65536):
        came += piece
    return came


@contextmanager
def running(site: Site, limits: Limits | None = None) -> Iterator[Running]:
    (listening,) = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    told_to_stop: list[Callable[[], None]] = []
    is_up = threading.Event()

    async def main() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        told_to_stop.append(lambda: loop.call_soon_threadsafe(stop.set) and None)
        is_up.set()
        await serve(site, [listening], stop=stop, limits=limits)

    def run() -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # as the command does
            runner.run(main())

    thread = threading.Thread(target=run)
    thread.start()
    is_up.wait(10)
    try:
        yield Running(port)
    finally:
        told_to_stop[0]()
        thread.join(20)
        assert not thread.is_alive()

"""A hub is told by `serve` of each feed that has something new, once, and of nothing else."""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from feeds.build import Press
from feeds.site import announcing
from feeds.site.announcing import Announcer
from feeds.site.context import Site
from feeds.site.documents import Documents
from storage.database import open_store, writing
from storage.suppressions import articles_at, suppress
from tests.feeds.conftest import FIRST, NewsStore
from tests.site.conftest import BASE_URL, running

HUB = "https://hub.example.net/"
OF_TARN = {
    f"{BASE_URL}/feeds/{scope}{part}" for scope in ("tarn", "all") for part in (".atom", "/open.rss", "/appeal.json")
}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two areas, which each test has a copy of."""
    made = NewsStore(tmp_path_factory.mktemp("announcing") / "forcewire.db")
    for area in ("Northmarch", "Tarn"):
        made.source(area)
        made.article(area.lower())
    made.engine.dispose()
    return Path(str(made.engine.url.database))


@pytest.fixture
def store(begun: Path, tmp_path: Path) -> Iterator[NewsStore]:
    made = NewsStore(shutil.copy(begun, tmp_path / "forcewire.db"))
    made.count = 2
    yield made
    made.engine.dispose()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """What the hub was told, a set a round."""
    rounds: list[set[str]] = []

    async def tell(hub: str, urls: Collection[str]) -> str | None:
        assert len(set(urls)) == len(urls)
        rounds.append(set(urls))
        return None

    monkeypatch.setattr(announcing, "told", tell)
    monkeypatch.setattr("feeds.site.watching.EVERY", -1.0)
    return rounds


def announcer_of(store: NewsStore) -> tuple[Announcer, Documents]:
    documents = Documents(Site(store.engine, Press(BASE_URL, hub=HUB)))
    return Announcer(documents.watch, HUB), documents


def run(work: Callable[[], Awaitable[Any]]) -> None:
    async def main() -> None:
        await work()

    asyncio.run(main())


def test_what_a_crawl_brings_is_told_once_and_of_its_feeds_alone(store, told):
    announcer, _ = announcer_of(store)

    async def work():
        await announcer.round()
        assert told == [], "what there is at the start is old"
        store.article("tarn")
        store.article("tarn")
        await announcer.round()
        await announcer.round()

    run(work)
    (urls,) = told
    assert urls > OF_TARN
    assert not any(
        "/northmarch" in url or "/tarn/missing" in url or "/archive/" in url or "opml" in url for url in urls
    )


def test_a_crawl_that_found_nothing_is_not_told(store, told):
    announcer, _ = announcer_of(store)

    async def work():
        await announcer.round()
        store.again(1, FIRST)
        await announcer.round()

    run(work)
    assert told == []


def test_what_went_is_told_and_an_appeal_of_another_area_that_is_answered(store, told):
    announcer, _ = announcer_of(store)
    store.source("Upper Tarn", force="Tarn Police")
    store.article("upper-tarn", references=("40/123/26",), url="https://www.tarn.example/gate")
    store.article("northmarch", url="https://www.northmarch.example/boat")

    async def work():
        await announcer.round()
        store.article("tarn", kind="found", references=("40/123/26",))
        await announcer.round()
        with writing(store.engine) as conn:
            suppress(conn, articles_at(conn, "https://www.northmarch.example/boat"), why="x", who="me", now=FIRST)
        await announcer.round()

    run(work)
    assert {url for url in told[0] if "/upper-tarn" in url} == {
        f"{BASE_URL}/feeds/upper-tarn/open.{format}" for format in ("rss", "atom", "json")
    }
    assert f"{BASE_URL}/feeds/northmarch.atom" in told[1]


def test_the_hub_finds_what_it_was_told_of_however_fresh_the_last_look_is(store, told, monkeypatch):
    announcer, documents = announcer_of(store)
    titles: list[bool] = []

    async def tell(hub: str, urls: Collection[str]) -> str | None:
        kept = documents.ready("feeds/tarn.atom") or await documents.get("tarn.atom")
        titles.append(b"A boat was found" in kept.data)
        return None

    monkeypatch.setattr(announcing, "told", tell)
    monkeypatch.setattr("feeds.site.watching.EVERY", 100.0)
    outlines = announcing._outlines

    def meanwhile(*args: Any) -> Any:
        store.article("tarn", title="A boat was found")
        return outlines(*args)

    async def work():
        await announcer.round()
        await documents.get("tarn.atom")
        monkeypatch.setattr(announcing, "_outlines", meanwhile)
        announcer._note({"tarn"})
        await announcer.round()

    run(work)
    assert titles == [True]


def test_another_store_in_its_place_is_told_as_far_as_it_differs(store, told, tmp_path):
    store.engine.dispose()
    shutil.copy(tmp_path / "forcewire.db", tmp_path / "other.db")
    other = NewsStore(tmp_path / "other.db")
    other.count = 10
    other.article("tarn")
    other.engine.dispose()
    store.engine = open_store(store.url)
    announcer, _ = announcer_of(store)

    async def work():
        await announcer.round()
        shutil.move(tmp_path / "other.db", tmp_path / "forcewire.db")
        await announcer.round()

    run(work)
    (urls,) = told
    assert urls > OF_TARN
    assert not any("/northmarch" in url for url in urls)


def test_a_round_that_fails_is_told_in_the_next_one(store, told, monkeypatch, caplog):
    announcer, _ = announcer_of(store)
    outlines, failed = announcing._outlines, []

    def fails(*args: Any) -> Any:
        if failed:
            return outlines(*args)
        failed.append(1)
        raise RuntimeError("no thread left")

    async def work():
        await announcer.round()
        store.article("tarn")
        monkeypatch.setattr(announcing, "_outlines", fails)
        monkeypatch.setattr(announcing, "EVERY", 0.01)
        going = asyncio.create_task(announcer.run())
        while not told:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        going.cancel()

    with caplog.at_level(logging.ERROR, "forcewire.site"):
        run(work)
    assert told[0] > OF_TARN
    assert "no thread left" in caplog.text


def test_a_server_tells_its_hub_though_nobody_asks_and_a_hub_that_refuses_is_a_line(store, monkeypatch, caplog):
    posted: list[bytes] = []
    rounds: list[int] = []

    async def hub(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        posted.append(await reader.readuntil(b"mode=publish&hub.url="))
        writer.write(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        writer.close()

    hubs: list[asyncio.Server] = []

    async def tell(hub_url: str, urls: Collection[str]) -> str | None:
        if not hubs:
            hubs.append(await asyncio.start_server(hub, "127.0.0.1", 0))
        port = hubs[0].sockets[0].getsockname()[1]
        return await real(f"http://127.0.0.1:{port}/", urls)

    real = announcing.told
    monkeypatch.setattr(announcing, "told", tell)
    monkeypatch.setattr(announcing, "EVERY", 0.05)
    monkeypatch.setattr("feeds.site.watching.EVERY", 0.0)
    monkeypatch.setattr(Announcer, "round", counted(Announcer.round, rounds))
    caplog.set_level(logging.ERROR, "forcewire.site")
    with running(Site(store.engine, Press(BASE_URL, hub=HUB))) as server:
        until(lambda: len(rounds) > 0)
        store.article("tarn")
        until(lambda: "feeds could not be told: it answered 500" in caplog.text)
        assert httpx.get(f"{server.url}/feeds/tarn.atom").status_code == 200
    assert posted


def counted(round: Callable[[Announcer], Awaitable[None]], rounds: list[int]) -> Callable[[Announcer], Awaitable[None]]:
    async def call(self: Announcer) -> None:
        await round(self)
        rounds.append(1)

    return call


def until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not there():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_without_a_hub_nothing_looks_at_the_store_by_itself(store, monkeypatch):
    monkeypatch.setattr(Announcer, "run", None)
    with running(Site(store.engine, Press(BASE_URL))) as server:
        assert httpx.get(f"{server.url}/feeds/tarn.atom").status_code == 200

"""Documents are built when they are asked for, once, and never given out when something of theirs changed."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from feeds.build import FeedQuery, Press, UnknownFeed
from feeds.site import documents as module
from feeds.site import watching
from feeds.site.caching import Kept, Shelf
from feeds.site.context import Site
from feeds.site.documents import Documents
from feeds.site.lanes import Busy
from storage.database import StoreError, open_store, writing
from storage.revisions import REVISIONS
from storage.suppressions import articles_at, suppress, undo
from tests.feeds.conftest import NewsStore
from tests.site.conftest import BASE_URL, Told

NOW = datetime(2026, 10, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _look_each_time(monkeypatch):
    monkeypatch.setattr(watching, "EVERY", -1.0)


@pytest.fixture
def documents(site: Site, told: Told) -> Documents:
    return Documents(site)


def run(work: Callable[[], Awaitable[object]]) -> None:
    async def main() -> None:
        await work()

    asyncio.run(main())


def texts(kept: Kept) -> str:
    return kept.data.decode()


def test_a_document_is_built_once_while_nothing_changes(documents, told):
    async def work():
        first = await documents.get("tarn.atom")
        assert await documents.get("tarn.atom") is first

    run(work)
    assert told.asked == ["tarn.atom"]


def test_what_a_crawl_brings_outdates_its_area_and_all_alone(documents, told, news):
    async def work():
        for name in ("tarn.atom", "northmarch.atom", "all.rss", "feeds.opml"):
            await documents.get(name)
        told.asked.clear()
        news.article("tarn", title="A boat was found")
        for name in ("tarn.atom", "northmarch.atom", "all.rss", "feeds.opml"):
            await documents.get(name)
        assert "A boat was found" in texts(await documents.get("tarn.atom"))

    run(work)
    assert told.asked == ["tarn.atom", "all.rss", "feeds.opml"]


def test_what_is_suppressed_is_gone_from_the_next_answer(documents, news):
    news.article("tarn", url="https://www.tarn.example/boat", title="A name that must go")

    def tell(action):
        with writing(news.engine) as conn:
            action(conn, articles_at(conn, "https://www.tarn.example/boat"), why="asked for", who="me", now=NOW)

    async def work():
        assert "A name that must go" in texts(await documents.get("all.atom"))
        tell(suppress)
        assert "A name that must go" not in texts(await documents.get("all.atom"))
        tell(undo)
        assert "A name that must go" in texts(await documents.get("all.atom"))

    run(work)


def test_what_changes_while_a_document_is_built_is_in_the_answer(documents, told, news):
    async def work():
        started, go_on = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def meanwhile():
            told.during = lambda: None
            loop.call_soon_threadsafe(started.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)

        told.during = meanwhile
        first = asyncio.create_task(documents.get("tarn.atom"))
        await started.wait()
        await asyncio.to_thread(news.article, "tarn", title="Came in between")
        await documents.watch.look()
        go_on.set()
        assert "Came in between" in texts(await first)

    run(work)
    assert told.asked == ["tarn.atom"] * 2


def test_two_hundred_who_ask_while_it_is_built_wait_for_one_build(documents, told):
    async def work():
        found = await asyncio.gather(*(documents.get("northmarch.rss") for _ in range(200)))
        assert len({id(each) for each in found}) == 1

    run(work)
    assert told.asked == ["northmarch.rss"]


def test_one_who_goes_away_does_not_spoil_it_for_the_others(documents, told):
    async def work():
        started, loop = asyncio.Event(), asyncio.get_running_loop()
        told.during = lambda: loop.call_soon_threadsafe(started.set) and None
        asking = [asyncio.create_task(documents.get("northmarch.json")) for _ in range(3)]
        await started.wait()
        asking[0].cancel()
        assert [type(each) for each in await asyncio.gather(*asking, return_exceptions=True)] == [
            asyncio.CancelledError, Kept, Kept,
        ]  # fmt: skip

    run(work)


def test_the_date_rises_by_a_second_with_other_bytes_and_never_with_the_same(documents, told, news, monkeypatch):
    async def work():
        dates = [(await documents.get("tarn.atom")).modified]
        for title in ("One", "Two", "Three"):
            news.article("tarn", title=title)
            dates.append((await documents.get("tarn.atom")).modified)
        assert all(later - earlier >= SECOND for earlier, later in pairwise(dates))
        documents._forget(None)
        assert (await documents.get("tarn.atom")).modified == dates[-1]

    run(work)


def test_a_document_that_is_no_longer_remembered_gets_no_earlier_date(documents, news):
    documents._dates.most = 1

    async def work():
        first = (await documents.get("tarn.atom")).modified
        news.article("tarn")
        second = (await documents.get("tarn.atom")).modified
        await documents.get("northmarch.atom")
        documents._forget(None)
        assert first < second <= (await documents.get("tarn.atom")).modified

    run(work)


def test_a_document_that_is_pushed_out_of_memory_keeps_its_date(documents):
    async def work():
        first = await documents.get("tarn.atom")
        documents._feeds.drop(first.key)
        again = await documents.get("tarn.atom")
        assert again is not first
        assert again.modified == first.modified

    run(work)


def test_searches_have_room_of_their_own(documents, told):
    documents._searches = Shelf(room=20_000)

    async def work():
        feed = await documents.get("tarn.atom")
        for page in range(1, 30):
            await documents.get("tarn.atom", FeedQuery.parse([("q", f"word{page}")]))
        assert documents._searches.filled <= 20_000
        assert await documents.get("tarn.atom") is feed

    run(work)


def test_no_feed_of_that_name_is_said_to_each_who_asks(documents):
    async def work():
        found = await asyncio.gather(*(documents.get("esk.atom") for _ in range(5)), return_exceptions=True)
        assert {type(each) for each in found} == {UnknownFeed}

    run(work)


def test_another_store_in_its_place_is_noticed(told, tmp_path: Path):
    stores = []
    for name, title in (("one", "Of the first store"), ("two", "Of the second store")):
        store = NewsStore(tmp_path / f"{name}.db")
        store.source("Tarn")
        store.article("tarn", title=title)
        store.engine.dispose()
        stores.append(tmp_path / f"{name}.db")
    engine = open_store(f"sqlite:///{stores[0]}")
    documents = Documents(Site(engine, Press(BASE_URL)))

    async def work():
        assert "Of the first store" in texts(await documents.get("tarn.atom"))
        shutil.move(stores[1], stores[0])
        assert "Of the second store" in texts(await documents.get("tarn.atom"))
        stores[0].unlink()
        with pytest.raises(StoreError, match="No such file"):
            await documents.get("tarn.atom")

    run(work)
    engine.dispose()


def test_a_store_that_is_upgraded_while_it_is_served_is_noticed(told, tmp_path: Path):
    store = NewsStore(tmp_path / "forcewire.db")
    store.source("Tarn")
    documents = Documents(Site(store.engine, Press(BASE_URL)))

    def to(revision: str) -> None:
        with writing(store.engine) as conn:
            conn.execute(sa.text("UPDATE alembic_version SET version_num = :to"), {"to": revision})

    async def work():
        await documents.get("tarn.atom")
        to("9999")
        with pytest.raises(StoreError, match="another revision \\(9999\\)"):
            await documents.get("tarn.atom")
        assert documents.ready("feeds/tarn.atom") is None
        to(REVISIONS[-1])
        await documents.get("tarn.atom")

    run(work)
    store.engine.dispose()


def test_nothing_is_given_out_from_memory_once_the_last_look_is_old(documents, monkeypatch):
    monkeypatch.setattr(watching, "EVERY", 100.0)

    async def work():
        assert documents.ready("feeds/tarn.atom") is None
        kept = await documents.get("tarn.atom")
        assert documents.ready("feeds/tarn.atom") is kept
        documents.watch.looked_at -= 101
        assert documents.ready("feeds/tarn.atom") is None

    run(work)


def test_what_a_link_carries_along_is_no_search(documents, told):
    async def work():
        feed = await documents.get("tarn.atom")
        assert await documents.get("tarn.atom", FeedQuery.parse([("utm_source", "mail")])) is feed

    run(work)


def test_feeds_do_not_wait_for_searches_and_too_many_of_those_are_sent_away(site, told, monkeypatch):
    monkeypatch.setattr(module, "_WAITING", 3)
    documents = Documents(site)

    async def work():
        go_on = threading.Event()
        told.during = lambda: go_on.wait(10) and None
        searches = [
            asyncio.create_task(documents.get("tarn.atom", FeedQuery.parse([("q", f"word{number}")])))
            for number in range(20)
        ]
        while documents._searching.taken < 4:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        told.during = lambda: None
        assert "tarn.atom" in texts(await documents.get("tarn.atom"))
        go_on.set()
        found = await asyncio.gather(*searches, return_exceptions=True)
        assert {type(each) for each in found} == {Kept, Busy}
        assert sum(isinstance(each, Kept) for each in found) == 4

    run(work)

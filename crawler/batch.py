"""What a crawl found and has not written yet. One transaction for many pages: a commit for each would cost speed, and a
crawl that is killed only asks again for what was not written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, Engine

from crawler.items import ArticleItem
from storage import kept_pages, pages
from storage.articles import Outcome, save_articles
from storage.database import writing
from storage.kept_pages import Saved

MOST = 20
SECONDS = 1.0
_MOST_UNCHANGED = 500  # they cost one statement together

Write = Callable[[Connection], object]


class Batch:
    """Written when it holds 20 items, or a second after its first; always as a whole, articles first, then the rest in
    order. `on_written` gets the articles with their outcomes after the commit; `on_error` what a late write raised.
    """

    def __init__(
        self,
        store: Engine,
        source: str,
        crawl_id: int,
        *,
        clock: Callable[[], datetime],
        on_written: Callable[[list[tuple[ArticleItem, Outcome]]], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._store = store
        self._source = source
        self._crawl_id = crawl_id
        self._clock = clock
        self._on_written = on_written
        self._on_error = on_error
        self._items: list[ArticleItem] = []
        self._writes: list[Write] = []
        self._unchanged: list[str] = []
        self._timer: asyncio.TimerHandle | None = None

    def article(self, item: ArticleItem) -> None:
        """Raises `StoreError` when the batch was full and could not be written; so do the others."""
        self._items.append(item)
        self._added()

    def not_modified(self, url: str) -> None:
        """The page of a stored article answered 304."""
        self._unchanged.append(url)
        self._added()

    def later(self, write: Write) -> None:
        """Any other write of the crawl."""
        self._writes.append(write)
        self._added()

    def _added(self) -> None:
        if len(self._items) + len(self._writes) >= MOST or len(self._unchanged) >= _MOST_UNCHANGED:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SECONDS, self._flush_late)

    def _flush_late(self) -> None:
        try:
            self.flush()
        except Exception as error:  # noqa: BLE001  an edge: nobody else would see what a timer raises
            self._on_error(error)

    def flush(self) -> None:
        """Writes what is held. Raises `StoreError`; then nothing of it was written, and nothing is held any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        items, writes, unchanged = self._items, self._writes, self._unchanged
        if not (items or writes or unchanged):
            return
        self._items, self._writes, self._unchanged = [], [], []
        outcomes: list[tuple[ArticleItem, Outcome]] = []
        with writing(self._store) as conn:
            for how, some in groupby(items, key=lambda item: (not item.confirmed, item.ours)):
                these = list(some)
                read = [(item.record, item.fetched) for item in these]
                saved = save_articles(conn, self._crawl_id, read, hold=how[0], reparsed=how[1])
                outcomes += zip(these, saved, strict=True)
            served = [Saved(i.record, i.fetched, outcome, i.page) for i, outcome in outcomes if i.page is not None]
            kept_pages.keep(conn, self._source, served)
            if unchanged:
                pages.not_modified(conn, self._source, unchanged, self._clock())
            for write in writes:
                write(conn)
        self._on_written(outcomes)

"""Whether what seems to have changed or gone has: asked once more, and held against other pages of the source.

A page that is asked twice may answer twice: a cache behind another, an A/B test, a clock in the text. What other pages show as
well is the site's doing: a banner, a new design, a bad day.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from sqlalchemy import Engine

from crawler.crawl import Crawl
from crawler.failures import StopCrawl
from crawler.items import ArticleItem, words_of_item
from crawler.visiting import Visit, Visits
from crawler.witnesses import Testimony, hear
from storage.answers import wavered
from storage.changes import Words
from storage.database import reading, writing
from storage.furniture import redesigned, remember_furniture
from storage.pieces import differences, overlap
from storage.witnesses import stored_words, waverings

_ONE_STORY = 0.8  # of the runs of words, for two answers of one page that tells one story and shows a clock
_OTHER_WORDS = 0.2  # at most, for a page that no more shows its story


class Confirming:
    """Looks again at a crawl's suspects: texts that differ, and pages that are gone or cannot be read any more."""

    def __init__(self, crawl: Crawl, visits: Visits, store: Engine) -> None:
        self._crawl = crawl
        self._visits = visits
        self._store = store
        self._source = crawl.entry.id

    async def run(self) -> AsyncIterator[ArticleItem]:
        """The articles whose text is to be stored now. Raises `StopCrawl` where the source's pages as a whole are not what they
        were: nothing is concluded then.
        """
        self._crawl.batch.flush()
        gone, self._visits.gone = self._visits.gone, []
        held = self._told_apart(dict(self._crawl.held))
        self._crawl.held.clear()
        if not (gone or held or self._visits.unreadable):
            return
        suspects = {*held, *(visit.link.url for visit in (*gone, *self._visits.unreadable))}
        testimony = await hear(self._crawl, self._visits, self._store, suspects, held)
        self._crawl.witnesses = len(testimony.alike)
        if testimony.nothing_is_there:
            raise StopCrawl("failed", "nothing is there", testimony.reason(len(suspects)))
        if held:
            self._learn(held, testimony)
        again = [Visit(visit.link, known=True, again=True) for visit in gone]
        # Asked once more at the end: a page that was gone for a moment, while it was edited, is no removal.
        again += [replace(self._visits.visited[url], headers=(), again=True) for url in held]
        async for item in self._visits.run(again):
            first = held.get(item.fetched.url)
            if first is None:
                yield item
            elif (settled := await self._settle(first, item)) is not None:
                yield settled

    def _told_apart(self, held: Mapping[str, ArticleItem]) -> dict[str, ArticleItem]:
        """Without pages that say the same as one another: two stories never become one, so that is a notice of the site's."""
        by_text: dict[tuple[str, str], list[str]] = {}
        for url, item in held.items():
            by_text.setdefault((item.record.title, item.record.body), []).append(url)
        apart = dict(held)
        for urls in by_text.values():
            if len({held[url].record.url for url in urls}) > 1:
                for url in urls:
                    del apart[url]
                    message = f"{len(urls)} stored stories show one and the same text now, which is no edit: {url}"
                    self._crawl.page_failed(url, "wrong page", message, 200)
        return apart

    def _learn(self, held: Mapping[str, ArticleItem], testimony: Testimony) -> None:
        """What all witnesses gained or lost as well is furniture; where they differ in more, the site has another design."""
        now = self._crawl.now()
        if testimony.furniture:
            with writing(self._store) as conn:
                remember_furniture(conn, self._source, testimony.furniture, now)
            shown = max((piece.text for piece in testimony.furniture), key=len)
            message = f"on all pages that were looked at, so it makes no edit: {shown[:200]}"
            self._crawl.issue("furniture", message, trouble=False)
        if testimony.redrawn:
            with writing(self._store) as conn:
                redesigned(conn, self._source, now)
            message = f"{len(held)} pages and all those asked beside them differ: taken for a new design, not for edits"
            self._crawl.issue("new design", message, trouble=False)

    async def _settle(self, first: ArticleItem, second: ArticleItem) -> ArticleItem | None:
        """The item to store; None where the page has no settled text."""
        url = second.fetched.url
        one, two = words_of_item(first), words_of_item(second)
        moving = differences(one, two)
        with reading(self._store) as conn:
            old = stored_words(conn, self._source, [url]).get(url)
        if old is None:
            return second
        if not moving:
            if overlap(old.body, two.body) <= _OTHER_WORDS and await self._says_the_same_of_nothing(url, two):
                self._crawl.page_gone(url, 404)
                return None
            return replace(second, confirmed=True)
        if not differences(old, two) or overlap(one.body, two.body) < _ONE_STORY or one.title != two.title:
            self._wavers(url)
            return None
        return self._without_moving_parts(old, one, two, second)

    def _without_moving_parts(self, old: Words, one: Words, two: Words, second: ArticleItem) -> ArticleItem:
        """A story with a clock in it: the clock is furniture from now on, and the rest counts where it is the same twice."""
        moving = {piece.masked for piece in differences(one, two).all}
        with writing(self._store) as conn:
            remember_furniture(conn, self._source, moving, self._crawl.now())
        steady = [{piece for piece in differences(old, text).all if piece.masked not in moving} for text in (one, two)]
        return replace(second, confirmed=bool(steady[0] & steady[1]))

    def _wavers(self, url: str) -> None:
        with reading(self._store) as conn:
            times = waverings(conn, self._source, [url]).get(url, 0) + 1
        with writing(self._store) as conn:
            wavered(conn, self._source, url, times)
        self._crawl.found.unsettled += 1
        message = f"gave two texts at two requests, so neither is taken for an edit ({times} looks in a row): {url}"
        self._crawl.issue("restless page", message, url, trouble=False)

    async def _says_the_same_of_nothing(self, url: str, text: Words) -> bool:
        """Whether the site gives the same text for an address that cannot be: its way to say that a page is not found."""
        folder, _, name = url.rstrip("/").rpartition("/")
        found = await self._visits.look(f"{folder}/{name[:40]}-{'x' * 12}")
        return found is not None and not differences(words_of_item(found), text)

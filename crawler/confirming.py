"""Whether what seems to have changed or gone has: asked once more, and held against other pages of the source.

A page that is asked twice may answer twice: a cache behind another, an A/B test, a clock in the text. What other pages show as
well is the site's doing: a banner, a new design, a bad day.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from crawler.crawl import Crawl
from crawler.failures import StopCrawl
from crawler.items import ArticleItem, words_of_item
from crawler.settling import Settling
from crawler.visiting import Visit, Visits
from crawler.witnesses import Hearing, Testimony
from storage.database import reading, writing
from storage.furniture import redesigned, remember_furniture
from storage.records import Link
from storage.witnesses import make_due, unconfirmed_since

_MANY = 3  # pages that show one text: two appeals may be cut down to the same line
_FOR_GOOD = timedelta(days=1)


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
        testimony = await Hearing(self._crawl, self._visits, self._store).hear(suspects, held)
        self._crawl.witnesses = len(testimony.alike)
        with writing(self._store) as conn:
            make_due(conn, self._source, testimony.doubtful, self._crawl.now())
        if testimony.nothing_is_there and not self._are_there_for_good(held):
            raise StopCrawl("failed", "nothing is there", testimony.reason(len(suspects)))
        if held and not testimony.nothing_is_there and not self._learn(testimony, len(held)):
            held = {}
        async for item in self._look_again(gone, held, testimony):
            yield item

    async def _look_again(
        self, gone: list[Visit], held: Mapping[str, ArticleItem], testimony: Testimony
    ) -> AsyncIterator[ArticleItem]:
        """Asked once more at the end: a page that was gone for a moment, while it was edited, is no removal."""
        known = self._visits.visited
        visits = [Visit(visit.link, known=True, again=True) for visit in gone]
        visits += [
            replace(known.get(url, Visit(Link(url=url))), known=True, headers=(), again=True, rejected=False)
            for url in held
        ]
        settling = Settling(self._crawl, self._visits, self._store, testimony.there)
        async for item in self._visits.run(visits):
            first = held.get(item.fetched.url)
            if first is None:
                yield item
            elif (settled := await settling.settle(first, item)) is not None:
                yield replace(settled, ours=testimony.nothing_is_there)

    def _told_apart(self, held: Mapping[str, ArticleItem]) -> dict[str, ArticleItem]:
        """Without pages of which many say the same as one another: that is a notice of the site's."""
        by_text: dict[tuple[str, str], list[str]] = {}
        for url, item in held.items():
            by_text.setdefault((item.record.title, item.record.body), []).append(url)
        apart = dict(held)
        for urls in by_text.values():
            number = len({held[url].record.url for url in urls})
            if number >= _MANY and number * 3 > self._crawl.found.asked:
                for url in urls:
                    del apart[url]
                    message = f"{number} stored stories show one and the same text now, which is no edit: {url}"
                    self._crawl.page_failed(url, "wrong page", message, 200)
        return apart

    def _are_there_for_good(self, held: Mapping[str, ArticleItem]) -> bool:
        """Whether the pages have told other stories, each its own, for a day: what was stored before was the site's bad day."""
        texts = {words_of_item(item).body for item in held.values()}
        if len(held) < _MANY or len(texts) < len(held):
            return False
        with reading(self._store) as conn:
            since = unconfirmed_since(conn, self._source, list(held))
        if len(since) < len(held) or self._crawl.now() - max(since.values()) < _FOR_GOOD:
            return False
        message = f"{len(held)} pages have told other stories than the stored ones for a day: taken as they are now"
        self._crawl.issue("other texts", message)
        return True

    def _learn(self, testimony: Testimony, held: int) -> bool:
        """What the witnesses gained or lost as well is furniture; where they differ in more, the site has another design. False
        where it had another one already today: it has none then, and nothing can be told from its texts.
        """
        now = self._crawl.now()
        if found := testimony.furniture:
            with writing(self._store) as conn:
                remember_furniture(conn, self._source, found, now)
            shown = max((piece.text for piece in found), key=len)
            message = f"on all pages that were looked at, so it makes no edit: {shown[:200]}"
            self._crawl.issue("furniture", message, trouble=False)
        if not testimony.redrawn:
            return True
        with writing(self._store) as conn:
            once = redesigned(conn, self._source, now)
        message = f"{held} pages and all those asked beside them differ: taken for a new design, not for edits"
        if not once:
            message = (
                f"{held} pages and all those asked beside them differ again within a day: no edit can be told from that"
            )
        self._crawl.issue("new design" if once else "restless site", message, trouble=not once)
        return once

"""What a page's second answer makes of its first: an edit, a clock in the text, a page without a settled text, a notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from crawler.crawl import Crawl
from crawler.items import ArticleItem, words_of_item
from crawler.telling import tells_another_story
from crawler.visiting import Visits
from storage.answers import calmed, wavered
from storage.changes import Words, changed_fields
from storage.database import reading, writing
from storage.pieces import differences, overlap, steady_differences
from storage.witnesses import is_at_its_address, make_due, stored_words, unconfirmed_since, waverings

_ONE_STORY = 0.8  # of the runs of words, for two answers of one page that tells one story and shows a clock
_OTHER_WORDS = 0.2  # at most, for a page that no more shows its story
_MORE_LOOKS = 3
_RESTLESS = timedelta(hours=1)
_ANOTHER_STORY = timedelta(days=1)


class Settling:
    """Weighs the answers of held pages. `elsewhere`: the URL of another page of the source that tells its story."""

    def __init__(self, crawl: Crawl, visits: Visits, store: Engine, elsewhere: str | None) -> None:
        self._crawl = crawl
        self._visits = visits
        self._store = store
        self._elsewhere = elsewhere
        self._source = crawl.entry.id

    async def settle(self, first: ArticleItem, second: ArticleItem) -> ArticleItem | None:
        """The item to store; None where there is nothing to store of it."""
        url = second.fetched.url
        one, two = words_of_item(first), words_of_item(second)
        with reading(self._store) as conn:
            old = stored_words(conn, self._source, [url]).get(url)
            times = waverings(conn, self._source, [url]).get(url, 0)
        if old is None or not changed_fields(one, two):
            if not await self._says_it_again(url, two):
                self._wavers(url, times)
                return None
            return await self._twice_the_same(old, two, second, times)
        one_story = one.title == two.title and overlap(one.body, two.body) >= _ONE_STORY
        if not (one_story and differences(one, two) and differences(old, two)):
            self._wavers(url, times)  # also where the same pieces stand in another order
            return None
        if not steady_differences(old, one, two):
            self._crawl.batch.not_modified(url)  # a clock, a counter, a token: the story is as it was
            return None
        if self._is_of_another_story(url, old, two):
            return None
        return replace(second, confirmed=True)

    async def _says_it_again(self, url: str, text: Words) -> bool:
        """Whether the page gives this text at each of some more looks: of two texts by chance one comes twice too often."""
        for _ in range(_MORE_LOOKS):
            item = await self._visits.look(url)
            if item is None or changed_fields(text, words_of_item(item)):
                return False
        return True

    async def _twice_the_same(
        self, old: Words | None, new: Words, second: ArticleItem, times: int
    ) -> ArticleItem | None:
        url = second.fetched.url
        unlike = old is None or overlap(old.body, new.body) <= _OTHER_WORDS
        if unlike and await self._says_the_same_of_nothing(new):
            self._crawl.page_gone(url, 404)
            return None
        if old is not None and self._is_of_another_story(url, old, new):
            return None
        if times and not self._is_steady(url, _RESTLESS):
            return None  # a page that wavered has to say the same for an hour
        if times:
            self._crawl.batch.later(lambda conn: calmed(conn, self._source, url))
        return replace(second, confirmed=True)

    def _is_of_another_story(self, url: str, old: Words, new: Words) -> bool:
        """Whether the page tells something else altogether: a notice in words that nobody foresaw, likelier than a rewrite. It is
        believed after a day.
        """
        own = f"{self._crawl.entry.force} {self._crawl.entry.name} {self._crawl.entry.area}"
        if not tells_another_story(old, new, own) or self._is_steady(url, _ANOTHER_STORY):
            return False
        with reading(self._store) as conn:
            if not is_at_its_address(conn, self._source, url):
                return False
        with writing(self._store) as conn:
            make_due(conn, self._source, [url], self._crawl.now() + _RESTLESS)
        self._crawl.found.unsettled += 1
        message = f"tells nothing of its story any more, which is an edit only when it lasts for a day: {url}"
        self._crawl.issue("other text", message, url, trouble=False)
        return True

    def _is_steady(self, url: str, least: timedelta) -> bool:
        with reading(self._store) as conn:
            since = unconfirmed_since(conn, self._source, [url]).get(url)
        return since is not None and self._crawl.now() - since >= least

    def _wavers(self, url: str, times: int) -> None:
        now = self._crawl.now()
        with writing(self._store) as conn:
            wavered(conn, self._source, url, times + 1, now)
        self._crawl.found.unsettled += 1
        message = (
            f"gave two texts at two requests, so neither is taken for an edit (look {times + 1} of that kind): {url}"
        )
        self._crawl.issue("restless page", message, url, trouble=False)

    async def _says_the_same_of_nothing(self, text: Words) -> bool:
        """Whether the site gives the same text for an address that cannot be: its way to say that a page is not found. The
        address is made of another story's, for some sites look at a number in it alone.
        """
        if self._elsewhere is None:
            return False
        folder, _, name = self._elsewhere.rstrip("/").rpartition("/")
        found = await self._visits.look(f"{folder}/{name[:40]}-{'x' * 12}")
        return found is not None and not differences(words_of_item(found), text)

"""The visits to a source's article pages: those that are new or owed, then those that are due to be looked at again."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from scrapy.http import Response, TextResponse

from crawler.crawl import Crawl
from crawler.failures import FetchFailed, StopCrawl, trouble_of
from crawler.fetching import Fetcher
from crawler.items import ArticleItem, served_from
from crawler.notices import Notice, is_notice, notice_of
from crawler.readers.base import Reader
from crawler.selectors import NotNews, ReadError, SentOn
from crawler.urls import canonical, is_same_page, stands_for_gone
from crawler.walking import fetched_from
from storage.records import Link
from storage.troubles import Trouble

AHEAD = 2  # the next page is on its way while one is read; more would only fill the memory
_MOST_FAILED_IN_A_ROW = 20
_MOST_BLOCKED_IN_A_ROW = 5


@dataclass(slots=True, frozen=True)
class Visit:
    """A page to ask for. `known`: its article is stored; `headers` make the request conditional; `again`: it is asked
    for the second time in this crawl; `rejected`: it was no article before.
    """

    link: Link
    known: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    again: bool = False
    rejected: bool = False


@dataclass(slots=True)
class Answer:
    """A page's answer. `api_of`: the URL of the page in whose place an API gave it; None where the page itself did."""

    response: Response
    api_of: str | None = None


class Visits:
    """Asks for pages in order, reads them, and tells the crawl of each that is no article."""

    def __init__(self, crawl: Crawl, reader: Reader, fetcher: Fetcher, *, seconds: float) -> None:
        self.gone: list[Visit] = []
        self.unreadable: list[Visit] = []
        self.visited: dict[str, Visit] = {}
        self._crawl = crawl
        self._entry = crawl.entry
        self._reader = reader
        self._fetcher = fetcher
        self._ends_at = time.monotonic() + seconds
        self._in_a_row = 0

    async def run(self, visits: Sequence[Visit]) -> AsyncIterator[ArticleItem]:
        """The articles of the pages. Raises `StopCrawl`."""
        async for visit, answer in self._answers(visits):
            self.visited[visit.link.url] = visit
            if isinstance(answer, FetchFailed):
                self._failed(visit, answer)
            else:
                self._in_a_row = 0
                if item := self._read(visit, answer):
                    yield item

    async def look(self, url: str) -> ArticleItem | None:
        """The article at a URL, asked for in full and told to nobody; None where there is none."""
        try:
            answer = await self._ask(Visit(Link(url=url)))
            if answer.response.status != 200 or _other_than_text(answer.response) is not None:
                return None
            record = self._reader.article(answer.response, Link(url=url))
        except (FetchFailed, ReadError):
            return None
        except Exception:  # noqa: BLE001  a reader's own fault: whoever stored this page from here would have met it
            return None
        if is_notice(record) is not None:
            return None
        record.url = url
        return ArticleItem(record, fetched_from(answer.response, url, self._reader, self._crawl.now()))

    async def _answers(self, visits: Sequence[Visit]) -> AsyncIterator[tuple[Visit, Answer | FetchFailed]]:
        underway: deque[tuple[Visit, asyncio.Task[Answer]]] = deque()
        waiting: Iterator[Visit] = iter(visits)
        try:
            self._start(waiting, underway, AHEAD)
            while underway:
                visit, task = underway.popleft()
                try:
                    answer: Answer | FetchFailed = await task
                except FetchFailed as error:
                    answer = error
                self._crawl.found.asked += 1
                if self._crawl.found.stop is not None:
                    raise self._crawl.found.stop
                self._start(waiting, underway, 1)
                yield visit, answer
        finally:
            await _cancel(task for _, task in underway)
        if left := sum(1 for _ in waiting):
            self._crawl.issue("time", f"time is over; {left} pages wait for the next crawl", trouble=False)

    def _start(
        self, waiting: Iterator[Visit], underway: deque[tuple[Visit, asyncio.Task[Answer]]], number: int
    ) -> None:
        for _ in range(number):
            if time.monotonic() >= self._ends_at or (visit := next(waiting, None)) is None:
                return
            underway.append((visit, asyncio.ensure_future(self._ask(visit))))

    async def _ask(self, visit: Visit) -> Answer:
        url, headers = visit.link.url, dict(visit.headers)
        if self._reader.request_url(url) == url:
            return Answer(await self._fetcher.get(url, headers=headers))
        if (told := await self._ask_api(url, headers)) is not None:
            return told
        response = await self._fetcher.get(url)
        final = canonical(response.url, self._entry)
        if response.status == 200 and final is not None and not is_same_page(url, final):
            # A story that moved: its page says more than the API does of it where it is now.
            return await self._ask_api(final, {}) or Answer(response)
        return Answer(response)

    async def _ask_api(self, url: str, headers: dict[str, str]) -> Answer | None:
        """What the API says in place of a page; None where it does not help."""
        other = self._reader.request_url(url)
        if other == url:
            return None
        try:
            response = await self._fetcher.get(other, headers=headers, tries=1)
        except FetchFailed:
            return None
        is_item = response.status == 200 and response.body.lstrip()[:1] in (b"{", b"[")
        return Answer(response, api_of=url) if is_item or response.status == 304 else None

    def _read(self, visit: Visit, answer: Answer) -> ArticleItem | None:
        response, url = answer.response, visit.link.url
        if response.status == 304:
            self._crawl.page_not_modified(url)
            return None
        if response.status in (404, 410):
            self._gone(visit, response.status)
            return None
        final = answer.api_of or canonical(response.url, self._entry)
        if final is None or stands_for_gone(url, final, self._entry):
            self._gone(visit, 301)
            return None
        return self._item(visit, final, answer)

    def _item(self, visit: Visit, final: str, answer: Answer) -> ArticleItem | None:
        response, asked = answer.response, visit.link.url
        link = replace(visit.link, url=final)
        try:
            if (kind := _other_than_text(response)) is not None:
                raise NotNews(f"no page but {kind}", asked)
            record = self._reader.article(response, link)
        except ReadError as error:
            self._not_read(visit, final, response, error)
            return None
        except Exception as error:  # noqa: BLE001  a reader's own fault must not end the crawl
            message = f"{type(error).__name__} in the reader: {error} on {asked}"
            self._crawl.page_failed(asked, "reader error", message, response.status, page=served_from(response))
            return None
        if (notice := is_notice(record)) is not None:
            self._noticed(visit, notice)
            return None
        record.url = link.url
        # The validators of another page, or of a page, say nothing about the API that is asked the next time.
        same = (answer.api_of or self._reader.request_url(asked)) == asked
        fetched = fetched_from(response, asked, self._reader, self._crawl.now(), validators=same)
        return ArticleItem(record, fetched, page=served_from(response))

    def _not_read(self, visit: Visit, final: str, response: Response, error: ReadError) -> None:
        asked = visit.link.url
        if (not is_same_page(asked, final) and _is_no_story(error)) or (
            isinstance(error, SentOn) and self._leads_away(asked, error.target)
        ):
            self._gone(visit, 301)
        elif (notice := notice_of(response)) is not None:
            self._noticed(visit, notice)
        elif isinstance(error, NotNews):
            self._rejected(visit, "page changed", str(error), response)
        else:
            self._crawl.page_failed(asked, "page changed", str(error), response.status, page=served_from(response))
            if visit.known:
                self.unreadable.append(visit)

    def _leads_away(self, asked: str, target: str) -> bool:
        """Whether a page that sends a browser on sends it where a redirect would say that the story is gone."""
        to = canonical(target, self._entry, base=asked)
        return to is not None and stands_for_gone(asked, to, self._entry)

    def _noticed(self, visit: Visit, notice: Notice) -> None:
        """A page that answers 200 and holds a notice in place of a story: that it is not found, or cannot be read now."""
        url = visit.link.url
        if notice.gone:
            self._gone(visit, 404)
        else:
            who = "a guard" if notice.kind == "blocked" else "an error page"
            self._failed(visit, FetchFailed(notice.kind, f"{who} answers in place of {url}: {notice.words}", url, 200))

    def _gone(self, visit: Visit, status: int) -> None:
        self._crawl.page_gone(visit.link.url, status, again=visit.again)
        if visit.known:
            self.gone.append(visit)
        else:
            self._crawl.counts.failed += 1
            self._crawl.found.failed += 1
            self._crawl.found.failures[Trouble.GONE] += 1
            message = f"listed, but HTTP {status} from {visit.link.url}"
            self._crawl.issue("page gone", message, visit.link.url, trouble=False)

    def _rejected(self, visit: Visit, kind: str, reason: str, response: Response | None = None) -> None:
        if visit.known:
            self._crawl.issue(kind, f"a stored article: {reason}", visit.link.url)
        # What was no article the last time says nothing new about the site.
        if not visit.rejected:
            self._crawl.found.rejected += 1
            self._crawl.found.rejections[trouble_of(kind)] += 1
        # What is no text, a picture or a PDF, no reader will ever read.
        page = served_from(response) if response is not None and _other_than_text(response) is None else None
        self._crawl.page_rejected(visit.link.url, reason, page=page)

    def _failed(self, visit: Visit, error: FetchFailed) -> None:
        if error.kind == "robots":
            if not visit.known:
                self._crawl.issue("robots", str(error), visit.link.url, trouble=False)
            self._rejected(visit, "robots", str(error))
            return
        self._crawl.page_failed(visit.link.url, error.kind, str(error), error.status)
        self._in_a_row += 1
        if error.kind == "blocked" and self._in_a_row >= _MOST_BLOCKED_IN_A_ROW:
            raise StopCrawl("failed", "blocked", f"blocked: {error}")
        if self._in_a_row >= _MOST_FAILED_IN_A_ROW:
            raise StopCrawl(
                "failed", "site down", f"{self._in_a_row} pages failed one after the other: {error}", error.trouble
            )


def _is_no_story(error: ReadError) -> bool:
    """Whether a page that a redirect led to is another kind of page, and not a story of a new design."""
    return isinstance(error, NotNews) or "headline" in error.what


def _other_than_text(response: Response) -> str | None:
    """The media type of an answer that is no text; Scrapy takes a picture that begins like text for one."""
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
    if kind and not re.search(r"^text/|html|xml|json", kind):
        return kind
    return None if isinstance(response, TextResponse) else kind or "data"


async def _cancel(tasks: Iterable[asyncio.Task[Answer]]) -> None:
    for task in (doomed := list(tasks)):
        task.cancel()
    for task in doomed:
        with suppress(asyncio.CancelledError, FetchFailed, StopCrawl):
            await task

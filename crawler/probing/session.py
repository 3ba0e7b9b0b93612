"""Asking for a few pages as a crawl would: same downloader, robots.txt, guard, delay and User-Agent, but nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.asking import AskingSpider
from crawler.entries import SourceEntry
from crawler.failures import FetchFailed, StopCrawl
from crawler.fetching import Fetcher
from crawler.options import CrawlOptions, check_options
from crawler.politeness import Gates
from crawler.probing.case_names import CaseExists
from crawler.probing.trouble import NoNews
from crawler.run import project_settings

T = TypeVar("T")
_TOLD = (FetchFailed, StopCrawl, NoNews, CaseExists)
_TRIES = 2  # a person waits for the answer
_AT_ONCE = 20


class _Recorder(Fetcher):
    """A fetcher that keeps every answer, redirects and robots.txt among them."""

    def __init__(self, crawler: Crawler, entry: SourceEntry) -> None:
        super().__init__(crawler, entry)
        self.trail: list[Response] = []

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, tries: int = _TRIES, robots: bool = False
    ) -> Response:
        return await super().get(url, headers=headers, tries=min(tries, _TRIES), robots=robots)

    async def _once(self, url: str, headers: Mapping[str, str], robots: bool) -> Response:
        response = await super()._once(url, headers, robots)
        self.trail.append(response)
        return response


class Session:
    """What a job asks with."""

    def __init__(self, entry: SourceEntry, fetcher: _Recorder) -> None:
        self.entry = entry
        self._fetcher = fetcher

    async def get(self, url: str, *, tries: int = _TRIES) -> Response:
        """The answer: 200, 404 or 410. Raises `FetchFailed` and `StopCrawl`."""
        return await self._fetcher.get(url, tries=tries)

    @property
    def trail(self) -> Sequence[Response]:
        """All answers so far, in their order."""
        return self._fetcher.trail

    @property
    def requests(self) -> int:
        return len(self._fetcher.trail)

    def robots_txt(self, url: str) -> str:
        """What the robots.txt of a URL's host said; '' where it was not asked for or is none."""
        host = urlsplit(url).netloc.lower()
        for response in self._fetcher.trail:
            parts = urlsplit(response.url)
            if parts.path == "/robots.txt" and parts.netloc.lower() == host and response.status == 200:
                return response.body.decode("utf-8", errors="replace")
        return ""


class LookFailed(Exception):  # noqa: N818  named as what it is
    """A fault of ours in a job, in one line: a reader that raised what no reader may raise."""


Work = Callable[[Session], Awaitable[T]]


@dataclass(slots=True)
class Job(Generic[T]):
    """Something to find out about one site. `entry` says which hosts may be asked."""

    entry: SourceEntry
    work: Work[T]


class LookSpider(AskingSpider):
    """Runs one job where the crawl's spider would run a crawl. It yields no items and opens no store."""

    name = "look"

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        job: Job[Any] | None = None,
        options: CrawlOptions | None = None,
        gates: Gates | None = None,
        **kwargs: Any,
    ) -> LookSpider:
        assert job is not None
        assert options is not None
        spider = super().from_crawler(crawler, **kwargs)
        spider.set_manners(job.entry, options, gates)
        spider.fetcher = _Recorder(crawler, job.entry)
        spider.job = job
        return spider

    job: Job[Any]
    fetcher: _Recorder
    result: Any = None
    error: Exception | None = None

    async def start(self) -> AsyncIterator[Any]:
        """Does the job; its error is kept for whoever runs it, because Scrapy would only log it."""
        try:
            self.result = await self.job.work(Session(self.job.entry, self.fetcher))
        except Exception as error:  # noqa: BLE001  the outermost edge: `run_jobs` raises it again
            self.error = error
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item


def run_jobs(jobs: Sequence[Job[T]], options: CrawlOptions) -> list[T | Exception]:
    """Does the jobs, those of different hosts at the same time, and returns what each came to, or its error.

    Blocks; not to be called where an event loop runs. Raises `CrawlRefused` before anything is asked for.
    """
    check_options([job.entry for job in jobs], options)
    return asyncio.run(_run(jobs, options))


async def _run(jobs: Sequence[Job[T]], options: CrawlOptions) -> list[T | Exception]:
    runner = AsyncCrawlerRunner(_settings(options))
    gates, places = Gates(), asyncio.Semaphore(_AT_ONCE)

    async def one(job: Job[T]) -> T | Exception:
        async with places:
            crawler = runner.create_crawler(LookSpider)
            await runner.crawl(crawler, job=job, options=options, gates=gates)
        spider = crawler.spider
        assert isinstance(spider, LookSpider)
        if spider.error is not None:
            return spider.error
        found: T = spider.result
        return found

    return await asyncio.gather(*(one(job) for job in jobs))


def run_job(job: Job[T], options: CrawlOptions) -> T:
    """Does one job. Raises what it raised where that tells of the site, else `LookFailed`."""
    [found] = run_jobs([job], options)
    if isinstance(found, _TOLD):
        raise found
    if isinstance(found, Exception):
        raise LookFailed(f"a fault of ours: {type(found).__name__}: {found}") from found
    return found


def _settings(options: CrawlOptions) -> Settings:
    settings = project_settings(options)
    settings.set("ITEM_PIPELINES", {}, priority="cmdline")
    return settings

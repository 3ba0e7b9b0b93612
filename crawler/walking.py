"""The walk over a source's listing: which articles are there, and which of them are new."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from scrapy.http import Response
from sqlalchemy import Engine

from crawler.crawl import Crawl
from crawler.entries import ListingEntry
from crawler.failures import FetchFailed, StopCrawl
from crawler.fetching import Fetcher
from crawler.no_links import leads_home, not_found_in_words, without_links
from crawler.readers.base import Listing, Reader
from crawler.selectors import NoArticles, ReadError
from crawler.urls import canonical
from storage import pages
from storage.database import reading, writing
from storage.known import known_links, latest_links
from storage.records import Fetched, Link
from storage.troubles import Trouble

_MOST_PARTS = 10  # sitemaps of an index that one crawl asks for


class Walk:
    """Walks the entry's listings in their order until one works.

    A feed shows only the newest stories. Where it shows none that was known before, on a first crawl or after a long
    outage, what lies behind its end is looked for on the next listings, so that no story is missed.
    """

    def __init__(self, crawl: Crawl, reader: Reader, fetcher: Fetcher, store: Engine) -> None:
        self._crawl = crawl
        self._entry = crawl.entry
        self._reader = reader
        self._fetcher = fetcher
        self._store = store
        self._seen: set[str] = set()
        self._new: set[str] = set()
        self._unfinished: set[str] = set()
        self._cut = False
        # One moment for all pages of the walk, so that what they show keeps its order: the newest is read first.
        self._began = crawl.now()

    async def run(self) -> None:
        """Remembers the links as pending pages. Raises `StopCrawl` when no listing works.

        The walk is closed only when nothing is left behind a page that failed: the stories there would be lost for good,
        because the next walk stops at the first page of known links. What is left behind `max_pages` is looked for when
        that is raised, and no sooner: the same bound would cut every crawl at the same page.
        """
        failures: list[FetchFailed | ReadError] = []
        ended = False
        with reading(self._store) as conn:
            walk_open = pages.walk_is_open(conn, self._entry.id, max_pages=self._entry.max_pages)
        for n, listing in enumerate(self._entry.listing, 1):
            try:
                reached = await self._listing(listing, walk_open=walk_open, last=n == len(self._entry.listing))
            except (FetchFailed, ReadError) as error:
                failures.append(error)
                kind = error.kind if isinstance(error, FetchFailed) else "page changed"
                self._crawl.issue(kind, str(error) if kind == "listing empty" else f"listing: {error}", listing.url)
                ended = False
            else:
                ended = True
                if self._crawl.found.links and reached:
                    break
                if not self._crawl.found.links:
                    self._crawl.issue("listing empty", f"no links on {listing.url}", listing.url)
        if not self._crawl.found.links:
            self._fail(failures)
        # A listing that failed at its first page was not walked: another one stands in for it.
        if ended and not self._unfinished:
            with writing(self._store) as conn:
                cut_at = self._entry.max_pages if self._cut else None
                shown = self._seen or None
                pages.close_walk(conn, self._entry.id, cut_at=cut_at, whole=walk_open, shown=shown)

    def _fail(self, failures: Sequence[FetchFailed | ReadError]) -> None:
        classes = [e.trouble if isinstance(e, FetchFailed) else Trouble.PAGE_CHANGED for e in failures]
        blocked = bool(classes) and all(each is Trouble.BLOCKED for each in classes)
        last = f": {failures[-1]}" if failures else ""
        reason = f"blocked{last}" if blocked else f"no listing works{last}"
        trouble = max(classes, key=classes.count, default=Trouble.LISTING_EMPTY)
        raise StopCrawl("failed", "blocked" if blocked else "no listing", reason, trouble)

    async def _listing(self, listing: ListingEntry, *, walk_open: bool, last: bool) -> bool:
        """Walks one listing; returns whether it reached links that were known before this crawl."""
        ahead = deque([listing.url])
        parts: set[str] = set()
        walked: set[str] = set()
        shown: set[str] = set()
        # A second listing of one crawl looks for older stories: that its first page is unchanged says nothing of them.
        conditional = not walk_open and not self._seen
        guessed = known = False
        without: list[NoArticles] = []
        while ahead:
            if (url := ahead.popleft()) in walked:
                continue
            if len(walked) == self._entry.max_pages:
                message = f"stopped after max_pages = {len(walked)} pages of {listing.url}"
                self._crawl.issue("paging", message, listing.url)
                self._cut = True
                self._unfinished.discard(listing.url)
                break
            first = not walked or url in parts
            walked.add(url)
            try:
                answer = await self._answer(
                    url, listing.kind, conditional=conditional and first, guessed=guessed, first=len(walked) == 1
                )
            except NoArticles as error:
                # An index names a site's other pages too: it is judged as a whole.
                if url not in parts:
                    raise
                without.append(error)
                continue
            if answer is None:
                continue
            response, found = answer
            if found is None:
                self._listed_before()
                known = True
                continue
            next_url = self._remember(response, found, shown, walk_open=walk_open, first=first, last=last)
            guessed = found.guessed
            parts.update(more := self._parts(found, response.url))
            ahead.extend([next_url] if next_url else more)
            self._unfinished.add(listing.url)
        else:
            self._unfinished.discard(listing.url)
        if without and not (shown or known):
            raise without[0]
        return known or (not walk_open and not shown <= self._new)

    async def _answer(
        self, url: str, kind: str, *, conditional: bool, guessed: bool, first: bool
    ) -> tuple[Response, Listing | None] | None:
        """A listing's page and what it shows, the latter None where that is what it showed before (304). None where a next
        page that nobody announced is not there, which is the end. Raises `FetchFailed` and `ReadError`.
        """
        try:
            response = await self._fetcher.get(url, headers=self._conditions(url) if conditional else None)
            if response.status not in (200, 304):
                raise FetchFailed("http", f"HTTP {response.status} from {url}", url, response.status)
            if response.status != 304 and leads_home(url, response.url):
                raise FetchFailed("redirected", f"{url} leads to the home page {response.url}", url, 301)
            return response, None if response.status == 304 else self._shown(response, kind, first=first)
        except FetchFailed as error:
            if guessed and error.status in (301, 400, 404, 410):
                return None
            raise
        except ReadError:
            if guessed:
                return None  # a site's start page in place of page 9 of its feed
            raise

    def _parts(self, found: Listing, base: str) -> list[str]:
        """The sitemaps of an index, the likeliest first. Later ones than these hold what is older, or other pages."""
        parts = (url for part in found.parts if (url := canonical(part, self._entry, base=base)))
        return list(islice(parts, _MOST_PARTS))

    def _remember(
        self, response: Response, found: Listing, shown: set[str], *, walk_open: bool, first: bool, last: bool
    ) -> str | None:
        """Keeps a listing page's links; returns where to walk on, or None at the end of what is new."""
        links = self._own(found, response.url)
        addresses = {link.url for link in links}
        unseen = addresses - shown
        shown |= addresses
        self._seen |= addresses
        next_url = canonical(found.next_url, self._entry, base=response.url) if found.next_url else None
        more = next_url is not None and bool(unseen)
        with writing(self._store) as conn:
            new = pages.remember_listing(
                conn,
                self._entry.id,
                links,
                # What an index names changes while it stays the same: it is never asked for conditionally.
                fetched_from(response, response.url, self._reader, self._crawl.now(), validators=not found.parts),
                more=more or not last,
                first=first,
                now=self._began,
            )
        self._new |= {link.url for link in new}
        self._crawl.counts.links = self._crawl.found.links = max(len(self._seen), self._crawl.found.links)
        self._crawl.tell("listing")
        # A listing that repeats itself for ever has nothing unseen; one that was walked before has nothing new.
        return next_url if more and (addresses & self._new or walk_open) else None

    def _shown(self, response: Response, kind: str, *, first: bool) -> Listing:
        """What a listing's page shows. Of its first one, if that is nothing, it is said what the page is in place of a listing."""
        if not first:
            return self._read(response, kind)
        try:
            found = self._read(response, kind)
        except NoArticles:
            raise
        except ReadError as error:
            instead = without_links(response, self._entry, self._latest())
            raise instead if instead.kind != "listing empty" else error from error
        if kind == "html" and not_found_in_words(response):
            raise FetchFailed("gone", f"a page that says it is not there in place of {response.url}", response.url, 200)
        if not (found.links or found.parts):
            raise without_links(response, self._entry, self._latest())
        return found

    def _latest(self) -> list[str]:
        with reading(self._store) as conn:
            return latest_links(conn, self._entry.id)

    def _read(self, response: Response, kind: str) -> Listing:
        try:
            return self._reader.listing(response, kind)
        except ReadError:
            raise
        except Exception as error:
            # A reader's own fault fails this listing, and must not end the crawl.
            message = f"{type(error).__name__} in the reader: {error} on {response.url}"
            raise FetchFailed("reader error", message, response.url, response.status) from error

    def _own(self, found: Listing, base: str) -> list[Link]:
        own: dict[str, Link] = {}
        for link in found.links:
            if url := canonical(link.url, self._entry, base=base):
                own.setdefault(url, replace(link, url=url))
        return list(own.values())

    def _conditions(self, url: str) -> Mapping[str, str]:
        with reading(self._store) as conn:
            known = pages.validators(
                conn,
                self._entry.id,
                url,
                reader=self._reader.name,
                reader_version=self._reader.version,
                entry=self._entry.digest,
            )
        return conditions(known)

    def _listed_before(self) -> None:
        """A listing that answers 304 shows what it showed the last time: links known before."""
        with reading(self._store) as conn:
            self._crawl.counts.links = self._crawl.found.links = known_links(conn, self._entry.id)
        self._crawl.tell("listing", "not modified")


def conditions(known: pages.Validators | None) -> dict[str, str]:
    """The headers that make a request conditional (RFC 9110, 13.1)."""
    headers = {}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def fetched_from(response: Response, url: str, reader: Reader, at: datetime, *, validators: bool = True) -> Fetched:
    """How a page answered, to be kept beside what was read from it."""

    def header(name: str) -> str | None:
        value = response.headers.get(name)
        return value.decode("latin-1") if value and validators else None

    return Fetched(
        url=url,
        at=at,
        status=response.status,
        etag=header("ETag"),
        last_modified=header("Last-Modified"),
        reader=reader.name,
        reader_version=reader.version,
        entry=reader.entry.digest,
    )

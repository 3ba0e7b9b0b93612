"""One served site: its stories, what became of them, and the answer to each request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.http_server import Reply, Request
from forcewire.demo.landing_pages import landing_page
from forcewire.demo.pages import KINDS
from forcewire.demo.pages.shell import finish
from forcewire.demo.responses import HTML, Document
from forcewire.demo.statics import error_page, static_document

if TYPE_CHECKING:
    from forcewire.demo.faults import Fault

_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_OTHERS = 5_000
_TICK = timedelta(minutes=1)
_NOT_FOUND = "<p>Sorry, we cannot find the page that you asked for. It may have been moved or taken down.</p>"
_INTERFACE = "/api/content"


class Pressroom:
    """The state of one site. Only the server's own thread may touch it once it is served."""

    def __init__(self, site: Site, articles: Sequence[NewsArticle], now: datetime) -> None:
        self.site = site
        self.kind = KINDS[site.kind]
        self.now = now
        self.articles: dict[str, NewsArticle] = {}
        self.changed_at: dict[str, datetime] = {}
        self.unlisted: set[str] = set()
        self.gone: dict[str, int | str] = {}
        self.moved: dict[str, str] = {}
        self.earlier: dict[str, list[NewsArticle]] = {}
        self.faults: list[Fault] = []
        self.robots = Document(self.kind.robots.encode(), "text/plain; charset=utf-8", now)
        self.robots_status = 200
        self.latency = 0.0
        self.validators = True
        self.ticking = False
        self._site_changed_at = now
        self._index: dict[str, str] = {}
        self._newest: list[NewsArticle] | None = None
        self._pages: dict[str, Document] = {}
        self._others: dict[str, Document] = {}
        for article in articles:
            self.put(article, article.modified_at or article.published_at or now)

    def put(self, article: NewsArticle, at: datetime) -> None:
        """Publish a story, or its new text."""
        self.articles[article.path] = article
        self.changed_at[article.path] = min(at, self.now)
        self._index[unquote(article.path)] = article.path
        self.gone.pop(article.path, None)
        self.moved.pop(article.path, None)
        self.forget(article.path)

    def forget(self, path: str | None = None) -> None:
        """Render again: the page of a path, or every page, and all listings and feeds."""
        self._newest = None
        self._others.clear()
        self._site_changed_at = self.now
        if path is None:
            self._pages.clear()
        else:
            self._pages.pop(path, None)

    def newest(self) -> list[NewsArticle]:
        """The listed stories, newest first; those without a time come last, in the order given."""
        if self._newest is None:
            listed = [a for p, a in self.articles.items() if p not in self.gone and p not in self.unlisted]
            self._newest = sorted(listed, key=lambda a: a.published_at or _OLDEST, reverse=True)
        return self._newest

    def path_of(self, target: str) -> str | None:
        """The path of the story that an address means; letter case counts, added query parameters do not."""
        return self._index.get(unquote(target)) or self._index.get(unquote(target.partition("?")[0]))

    def is_story(self, target: str) -> bool:
        """Whether an address is a story's page, or what the site's interface tells of one."""
        return self.path_of(target.removeprefix(_INTERFACE)) is not None

    def answer(self, request: Request) -> Reply:
        """The answer to a request, with the site's faults where they apply."""
        if request.method not in ("GET", "HEAD"):
            return Reply(405, (("Allow", "GET, HEAD"),), close=True)
        if self.ticking:
            self.site = self.site.changed(rendered_at=self.site.rendered_at + _TICK)
            self._pages.clear()
            self._others.clear()
        faults = [fault for fault in self.faults if fault.meets(request.target)] if self.faults else []
        reply = self._with_faults(request, faults) if faults else self._plainly(request)
        return replace(reply, delay=reply.delay + self.latency) if self.latency else reply

    def _with_faults(self, request: Request, faults: list[Fault]) -> Reply:
        unpacked = Request(request.method, request.target, {**request.headers, b"accept-encoding": b"identity"})
        instead = next((reply for fault in faults if (reply := fault.instead(self, request)) is not None), None)
        reply = instead or self._plainly(unpacked, faults)
        for fault in faults:
            reply = fault.reply(replace(reply, raw=None) if reply.status != 304 else reply)
        return reply

    def _plainly(self, request: Request, faults: Sequence[Fault] = ()) -> Reply:
        target = request.target
        if not faults and (document := self._pages.get(target) or self._others.get(target)):
            return document.answer(request)
        if target == "/robots.txt":
            if self.robots_status == 200:
                return self.robots.answer(request)
            return Reply(self.robots_status, (("Content-Type", "text/plain"),), self.robots.body)
        path = self.path_of(target)
        if path in self.gone:
            return self._withdrawn(self.gone[path], request)
        if path in self.moved:
            return Reply(301, (("Location", self.site.url(self.moved[path])),))
        article = self.articles[path] if path is not None else _made(faults, target)
        if article is not None:
            document = self._article(article, faults)
            if not faults and article.path in self.articles:
                self._pages[article.path if target == article.path else target] = document
            return document.answer(request)
        other = self._other(target, faults)
        if other is None:
            return error_page(404, self.site)
        if not faults:
            if len(self._others) > _MOST_OTHERS:
                self._others.clear()
            self._others[target] = other
        return other.answer(request)

    def _article(self, article: NewsArticle, faults: Sequence[Fault]) -> Document:
        for fault in faults:
            article = fault.article(article)
        return self._html(self.kind.article(article, self.site), faults, self.changed_at.get(article.path, self.now))

    def _other(self, target: str, faults: Sequence[Fault]) -> Document | None:
        path, _, query_text = target.partition("?")
        path, query = unquote(path), dict(parse_qsl(query_text))
        wanted = self.kind.wanted(path, query, self.site)
        if wanted is not None or path == "/":
            view = self.view(wanted.page if wanted else 1, wanted.cursor if wanted else None)
            for fault in faults:
                view = fault.view(view, self.site)
            return self._html(self.kind.listing(view, self.site), faults, self._site_changed_at)
        served = None
        for template, feed in self.kind.feeds.items():
            if path == template.format(slug=self.site.slug):
                served = feed(self.newest()[: self.site.feed_items], self.site)
        if served is None and self.kind.other is not None:
            served = self.kind.other(path, query, self._told(path, faults), self.site)
        if served is None and (landing := landing_page(self.kind.name, path)) is not None:
            return self._html(self.kind.article(landing, self.site), faults, self._site_changed_at)
        if served is None:
            return static_document(path)
        return Document(served.body, served.content_type, self._site_changed_at, served.headers, self.validators)

    def _told(self, path: str, faults: Sequence[Fault]) -> Sequence[NewsArticle]:
        """The stories that an interface may tell of: the listed ones, or the one that it is asked for by its path."""
        if not path.startswith(_INTERFACE):
            return self.newest()
        article = self.articles.get(path.removeprefix(_INTERFACE))
        if article is None or article.path in self.gone:
            return ()
        for fault in faults:
            article = fault.article(article)
        return (article,)

    def _withdrawn(self, how: int | str, request: Request) -> Reply:
        """What stands where a story was withdrawn: an error, a redirect, or a page that says so with status 200."""
        if isinstance(how, str):
            return Reply(302, (("Location", self.site.url(how)),))
        if how != 200:
            return error_page(how, self.site)
        page = NewsArticle(request.target, "Page not found", _NOT_FOUND, date_string="")
        return self._html(self.kind.article(page, self.site), (), self._site_changed_at).answer(request)

    def view(self, page: int, cursor: str | None = None) -> ListingView:
        """A page of the listing by number, or what follows a cursor."""
        newest, size = self.newest(), self.site.page_size
        cursor_of = self.kind.cursor_of
        start = (max(page, 1) - 1) * size
        if cursor is not None and cursor_of is not None:
            start = next((place + 1 for place, each in enumerate(newest) if cursor_of(each) == cursor), len(newest))
        cards = tuple(newest[start : start + size])
        number, pages = start // size + 1, max(-(-len(newest) // size), 1)
        return ListingView(cards, number, pages, cursor_of(cards[-1]) if cursor_of and cards else None)

    def _html(self, page: str, faults: Sequence[Fault], changed_at: datetime) -> Document:
        for fault in faults:
            page = fault.html(page)
        return Document(finish(page, self.site), HTML, changed_at, validators=self.validators and not self.ticking)


def _made(faults: Sequence[Fault], target: str) -> NewsArticle | None:
    return next((article for fault in faults if (article := fault.made(target)) is not None), None)

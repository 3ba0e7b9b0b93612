"""What goes wrong with a site in the matrix, each by its name: the demo's own faults, and those that it lacks."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from forcewire.demo.accidents import PagesEmpty
from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.faults import Charset, CutShort, Fault, RedirectLoop, RedirectTo, Slow, Status, wall
from forcewire.demo.hostile_listings import EmptyListing
from forcewire.demo.http_server import Reply, Request
from forcewire.demo.pressroom import Pressroom

HTML = ("Content-Type", "text/html; charset=utf-8")


def _page(title: str, body: str) -> bytes:
    return f"<!DOCTYPE html><html lang='en'><head><title>{title}</title></head><body>{body}</body></html>".encode()


_CHECK = _page(
    "Just a moment...",
    "<h1>Checking your browser before you go on</h1><p>This process is automatic. You will be sent on shortly.</p>"
    "<noscript>Please turn JavaScript on and reload the page.</noscript>",
)
_LOGIN = _page(
    "Sign in",
    "<h1>Sign in</h1><form action='/login' method='post'><label>Name <input name='user'></label>"
    "<label>Password <input type='password' name='word'></label><button>Sign in</button></form>",
)
_NOT_FOUND = _page(
    "Page not found",
    "<nav><a href='/'>Home</a> <a href='/contact'>Contact us</a></nav><h1>Page not found</h1><p>Sorry, we cannot find the page that you asked"
    " for. It may have been moved or taken down.</p>",
)
_OUT_OF_ORDER = _page(
    "Service unavailable",
    "<h1>Sorry, there is a problem with the service</h1><p>Try again later.</p>",
)
_SHELL = _page(
    "News",
    "<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>"
    "<script src='/a.js'></script><script src='/b.js'></script>",
)


@dataclass(kw_only=True)
class Instead(Fault):
    """A page of another kind with status 200."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = (HTML,)

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        return Reply(200, self.headers, self.body)


@dataclass(kw_only=True)
class Hang(Fault):
    """The connection ends without a byte."""

    def reply(self, reply: Reply) -> Reply:
        return Reply(200, raw=b"", close=True)


@dataclass(kw_only=True)
class NoHttp(Fault):
    """The answer is of another protocol."""

    def reply(self, reply: Reply) -> Reply:
        return Reply(200, raw=b"220 mail.invalid ESMTP\r\n\r\n", close=True)


@dataclass(kw_only=True)
class BrokenGzip(Fault):
    """The body is said to be gzip and ends within it."""

    def reply(self, reply: Reply) -> Reply:
        headers = tuple(each for each in reply.headers if each[0].lower() not in ("content-encoding", "etag"))
        packed = gzip.compress(reply.body or b" " * 1000)
        return replace(
            reply, headers=(*headers, ("Content-Encoding", "gzip")), body=b"\x1f\x8b\x00" + packed[3 : len(packed) // 2]
        )


@dataclass(kw_only=True)
class StrangeDates(Fault):
    """Dates come in words that no reader knows, on pages, in feeds and in what machines read."""

    def _strange(self, article: NewsArticle) -> NewsArticle:
        hidden = dict.fromkeys(("article:published_time", "og:updated_time", "date", "DC.date.issued"))
        return replace(
            article, published_at=None, modified_at=None, date_string="Septidi, Ventôse CCXXXIV", meta={**article.meta, **hidden}
        )  # fmt: skip

    def article(self, article: NewsArticle) -> NewsArticle:
        return self._strange(article)

    def view(self, view: ListingView, site: Site) -> ListingView:
        return replace(view, cards=tuple(map(self._strange, view.cards)))


@dataclass(kw_only=True)
class Empty(EmptyListing):
    """A listing without a story, or a feed without an entry."""

    def reply(self, reply: Reply) -> Reply:
        body = re.sub(rb"<(item|entry)\b.*?</\1>", b"", reply.body, flags=re.S)
        return reply if body == reply.body else replace(reply, body=body)


FAULTS: Mapping[str, Callable[[], Fault]] = {
    "HTTP 500": lambda: Status(status=500),
    "HTTP 503": lambda: Status(status=503),
    "503 for an hour": lambda: Status(status=503, headers=(("Retry-After", "3600"),)),
    "HTTP 429": lambda: Status(status=429),
    "429 for an hour": lambda: Status(status=429, headers=(("Retry-After", "3600"),)),
    "HTTP 403": wall,
    "HTTP 401": lambda: Status(status=401),
    "wall with 200": lambda: Instead(body=_CHECK),
    "login with 200": lambda: Instead(body=_LOGIN),
    "HTTP 404": lambda: Status(status=404),
    "HTTP 410": lambda: Status(status=410),
    "not found with 200": lambda: Instead(body=_NOT_FOUND),
    "out of order with 200": lambda: Instead(body=_OUT_OF_ORDER),
    "script only": lambda: Instead(body=_SHELL),
    "nothing": lambda: Instead(body=b""),
    "empty": Empty,
    "template without a story": PagesEmpty,
    "strange dates": StrangeDates,
    "leads home": lambda: RedirectTo(location="/"),
    "leads off the site": lambda: RedirectTo(location="http://192.0.2.1/news"),
    "redirects without end": RedirectLoop,
    "no answer in time": lambda: Slow(seconds=5),
    "connection breaks": Hang,
    "no HTTP": NoHttp,
    "cut short": CutShort,
    "broken gzip": BrokenGzip,
    "wrong charset": Charset,
}


@dataclass(kw_only=True)
class At(Fault):
    """A fault that meets only what `where` says."""

    fault: Fault
    where: Callable[[str], bool]

    def meets(self, target: str) -> bool:
        return self.where(target)

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        return self.fault.instead(room, request)

    def reply(self, reply: Reply) -> Reply:
        return self.fault.reply(reply)

    def article(self, article: NewsArticle) -> NewsArticle:
        return self.fault.article(article)

    def view(self, view: ListingView, site: Site) -> ListingView:
        return self.fault.view(view, site)

    def html(self, page: str) -> str:
        return self.fault.html(page)

"""What can go wrong with a site, switchable per path or for a whole site: answers, delays, charsets, redirects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.http_server import Reply, Request

if TYPE_CHECKING:
    from forcewire.demo.pressroom import Pressroom

_WALL = b"""<!DOCTYPE html><html lang="en"><head><title>Access denied</title><meta name="robots" content="noindex"></head>
<body><h1>Sorry, you have been blocked</h1><p>You are unable to access this website.</p><h2>Why have I been blocked?</h2>
<p>This website is using a security service to protect itself from online attacks.</p><p>Ray ID: 7c0ffee0ddba11</p></body></html>
"""


@dataclass(kw_only=True)
class Fault:
    """One thing that goes wrong.

    `path` is an address (with or without its query) or a pattern with `*`; None means every address of the site but
    robots.txt. `times` is how often it happens before the site is well again; None means for ever.
    """

    path: str | None = None
    times: int | None = None
    happened: int = field(default=0, init=False)

    def meets(self, target: str) -> bool:
        """Whether this request is hit; counts it."""
        if self.times is not None and self.happened >= self.times:
            return False
        if self.path is None:
            hit = target != "/robots.txt"
        elif "*" in self.path:
            hit = fnmatchcase(target, self.path)
        else:
            hit = self.path in (target, target.partition("?")[0])
        self.happened += hit
        return hit

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        """An answer in place of the site's own, or None."""
        return None

    def reply(self, reply: Reply) -> Reply:
        """The site's answer, spoilt."""
        return reply

    def article(self, article: NewsArticle) -> NewsArticle:
        """The story, spoilt."""
        return article

    def view(self, view: ListingView, site: Site) -> ListingView:
        """The listing page, spoilt."""
        return view

    def html(self, page: str) -> str:
        """The page's markup, spoilt."""
        return page

    def made(self, target: str) -> NewsArticle | None:
        """A story that exists only because of the fault."""
        return None


@dataclass(kw_only=True)
class Status(Fault):
    """A fixed answer: `Status(status=500)`."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"<html><body><h1>Sorry, there is a problem with the service</h1></body></html>"

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        return Reply(self.status, (("Content-Type", "text/html; charset=utf-8"), *self.headers), self.body)


def too_many(retry_after: str = "2", *, path: str | None = None, times: int | None = 1) -> Status:
    """429 with Retry-After: seconds or an HTTP date."""
    return Status(status=429, headers=(("Retry-After", retry_after),), path=path, times=times)


def unavailable(retry_after: str = "2", *, path: str | None = None, times: int | None = None) -> Status:
    """503 with Retry-After."""
    return Status(status=503, headers=(("Retry-After", retry_after),), path=path, times=times)


def wall(*, path: str | None = None, times: int | None = None) -> Status:
    """403 with the page of a guard in front of the site."""
    return Status(status=403, body=_WALL, path=path, times=times)


@dataclass(kw_only=True)
class Slow(Fault):
    """The answer comes after `seconds`."""

    seconds: float

    def reply(self, reply: Reply) -> Reply:
        return replace(reply, delay=reply.delay + self.seconds)


@dataclass(kw_only=True)
class CutShort(Fault):
    """The connection ends after a part of the announced body."""

    share: float = 0.5

    def reply(self, reply: Reply) -> Reply:
        return replace(reply, length=len(reply.body), body=reply.body[: int(len(reply.body) * self.share)], close=True)


@dataclass(kw_only=True)
class Charset(Fault):
    """The bytes are in `encoding`, the header says `says` (None: nothing)."""

    encoding: str = "windows-1252"
    says: str | None = "utf-8"

    def reply(self, reply: Reply) -> Reply:
        body = reply.body.decode("utf-8").encode(self.encoding, "xmlcharrefreplace")
        kind = "text/html" + (f"; charset={self.says}" if self.says else "")
        headers = tuple((name, kind if name == "Content-Type" else value) for name, value in reply.headers)
        return replace(reply, headers=headers, body=body)


@dataclass(kw_only=True)
class RedirectLoop(Fault):
    """302 to itself with another query, for ever."""

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        path, _, query = request.target.partition("?")
        turn = int(query[5:]) + 1 if query.startswith("turn=") and query[5:].isdigit() else 1
        return Reply(302, (("Location", f"{path}?turn={turn % 3}"),))


@dataclass(kw_only=True)
class RedirectTo(Fault):
    """A redirect to an address: off the site, or to the listing as some sites do with what they withdrew."""

    location: str
    status: int = 302

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        if request.target == self.location or room.site.url(request.target) == self.location:
            return None
        return Reply(self.status, (("Location", self.location),))

"""What happens to whole sites: outages, platforms that lose their pages, guards in front, pages that differ each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from forcewire.demo.articles import NewsArticle
from forcewire.demo.events import Event
from forcewire.demo.faults import Fault, Status, wall
from forcewire.demo.http_server import Reply, Request
from forcewire.demo.pressroom import Pressroom
from forcewire.demo.responses import HTML
from forcewire.demo.statics import error_page

_CHALLENGE = b"""<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title><meta name="robots" content="noindex">
<script>window.challenge = {"ray": "7c0ffee0ddba11"};</script></head><body><h1>Checking your browser before you go on</h1>
<p>This process is automatic. You will be sent on shortly. Please allow up to 5 seconds.</p>
<noscript>Please turn JavaScript on and reload the page.</noscript></body></html>
"""


@dataclass(frozen=True, kw_only=True)
class Break(Event):
    """Something goes wrong with the site until the same fault is mended."""

    fault: Fault

    def happen(self, room: Pressroom) -> None:
        room.faults.append(self.fault)


@dataclass(frozen=True, kw_only=True)
class Mend(Event):
    """A fault is over."""

    fault: Fault

    def happen(self, room: Pressroom) -> None:
        room.faults[:] = [fault for fault in room.faults if fault is not self.fault]


@dataclass(kw_only=True)
class Cut(Fault):
    """The connection ends before an answer: what a client sees of a site that does not come to its answer in time."""

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        return Reply(200, (("Content-Type", HTML),), b"", length=1000, close=True)


@dataclass(kw_only=True)
class PagesLost(Fault):
    """Every page but listings and feeds answers with `status`: the platform has lost its stories, or locks them away."""

    status: int = 404

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        return error_page(self.status, room.site) if room.is_story(request.target) else None


@dataclass(kw_only=True)
class PagesEmpty(Fault):
    """Every story comes as the site's template with nothing in it, and status 200."""

    headline: str = ""

    def article(self, article: NewsArticle) -> NewsArticle:
        return replace(
            article, title=self.headline, body_html="", description="", image=None, published_at=None, date_string="",
            modified_at=None, kickers=(), tail=(), reference=None, related=(),
        )  # fmt: skip


@dataclass(kw_only=True)
class AllOneStory(Fault):
    """Every story's page shows the site's newest story: a cache gone wrong."""

    shown: NewsArticle | None = field(default=None, init=False)

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        self.shown = room.newest()[0] if room.newest() else None
        return None

    def article(self, article: NewsArticle) -> NewsArticle:
        return article if self.shown is None else replace(self.shown, path=article.path)


@dataclass(kw_only=True)
class AnyStory(AllOneStory):
    """Every story's page shows one of the site's stories, another one at each request."""

    random: Random

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        self.shown = self.random.choice(room.newest() or [None])
        return None


def outages() -> dict[str, Callable[[], Fault]]:
    """Ways in which a site is down for hours, by name."""
    return {
        "HTTP 503": lambda: Status(status=503),
        "HTTP 500": lambda: Status(status=500),
        "no answer": Cut,
        "blocked": wall,
        "browser check": lambda: Status(status=200, body=_CHALLENGE),
    }


def platform_accidents() -> dict[str, Callable[[], Fault]]:
    """Ways in which a platform loses all its stories for a day, by name."""
    return {
        "all 404": PagesLost,
        "all empty": PagesEmpty,
        "all 403": lambda: PagesLost(status=403),
    }


def mix_ups() -> dict[str, Callable[[], Fault]]:
    """Ways in which a site's pages show other stories than their own, by name."""
    return {"all one story": AllOneStory, "any story": lambda: AnyStory(random=Random(1))}

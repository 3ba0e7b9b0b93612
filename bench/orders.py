"""What the watched newsroom is told to do, and what it answers."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bench.masked_mail import MaskedMail
from forcewire.demo.articles import Banner, NewsArticle, Site
from forcewire.demo.composer import composed_story
from forcewire.demo.events import Edit, Event, New, ShowBanner
from forcewire.demo.http_server import Reply, Request
from forcewire.demo.newsroom import Newsroom

_NUMBER = re.compile(r"\b[1-9]\d?\b")
_SOON = timedelta(minutes=30)


class WatchedNewsroom(Newsroom):
    """Counts what it sends: heads and bodies, as they go over the wire."""

    sent = 0

    def _recorder(self, site: str) -> Callable[[Request, Reply, float, int], None]:
        record = super()._recorder(site)

        def counted(request: Request, reply: Reply, at: float, at_once: int) -> None:
            self.sent += len(reply.head()) + (0 if request.method == "HEAD" else len(reply.body))
            record(request, reply, at, at_once)

        return counted


class Served:
    """What the newsroom is told to do, by name."""

    def __init__(self, newsroom: WatchedNewsroom) -> None:
        self._newsroom = newsroom
        self._random = random.Random(5)

    def count(self) -> dict[str, Any]:
        """What was asked for since the last time."""
        log = self._newsroom.log
        found = {
            "requests": log.total,
            "statuses": dict(Counter(each.status for each in log.entries)),
            "bytes": self._newsroom.sent,
        }
        log.clear()
        self._newsroom.sent = 0
        return found

    def stories(self, file: str) -> dict[str, Any]:
        """Writes what is known of every article, and how its page answers, to a file, by source."""
        told = {}
        for site in self._newsroom.sites:
            room = self._newsroom.room(site.id)
            told[site.id] = [
                {
                    "url": site.url(story.path),
                    "title": story.title,
                    "html": story.body_html,
                    "published_at": (story.published_at or self._newsroom.now).isoformat(),
                    **_validators(room.answer(Request("GET", story.path, {b"accept-encoding": b"gzip"}))),
                }
                for story in self._newsroom.articles(site.id)
            ]
        Path(file).write_text(json.dumps(told), "utf-8")
        return {}

    def vary(self) -> dict[str, Any]:
        """What differs from one answer to the next on real sites: a fifth prints the time, another fifth masks its address."""
        ticking = [site.id for site in self._newsroom.sites if site.kind == "single_online_home"]
        masked = [site.id for site in self._newsroom.sites if site.kind == "drupal"]
        for site in ticking:
            self._newsroom.settings(site, ticking=True)
        for site in masked:
            self._newsroom.fault(site, MaskedMail(path="/*"))
        return {"time": self._pages(ticking), "mail": self._pages(masked)}

    def happen(self, edited: int, new: int, banners: int) -> dict[str, Any]:
        """So many stories are edited, the young ones likelier, as it is in life; so many are published; and so many sites show
        a banner above every story.
        """
        rooms = self._newsroom.sites
        stories = [(site, story) for site in rooms for story in self._newsroom.articles(site.id)]
        events: list[Event] = []
        edits, published = [], []
        for site, story in sorted(stories, key=self._turn)[:edited]:
            events.append(Edit(site=site.id, path=story.path, fields={"body_html": self._edit(story.body_html)}))
            edits.append(site.url(story.path))
        for place in range(new):
            site = rooms[place * len(rooms) // new]
            taken = {story.path for story in self._newsroom.articles(site.id)}
            written = (composed_story(site, number, self._newsroom.now) for number in count(90_000))
            story = next(story for story in written if story.path not in taken)
            events.append(New(site=site.id, article=story))
            published.append(site.url(story.path))
        plain = [site for site in rooms if site.kind in ("wordpress", "mynewsdesk")][:banners]
        told = Banner("Major incident", "Please stay away from the town centre while officers deal with an incident.")
        events += [ShowBanner(site=site.id, banner=told) for site in plain]
        self._newsroom.play(events, at=self._newsroom.now)
        return {"edited": edits, "new": published, "banner": self._pages([site.id for site in plain])}

    def _turn(self, of: tuple[Site, NewsArticle]) -> float:
        """Sorting by it draws without replacement, each story as likely as it is young (by the inverse of its age)."""
        published = of[1].published_at or self._newsroom.now
        return self._random.expovariate(1.0) * ((self._newsroom.now - published + _SOON) / _SOON)

    def _edit(self, html: str) -> str:
        """Half of real edits change a number, the others a sentence."""
        number = _NUMBER.search(html)
        if number and self._random.random() < 0.5:
            return html[: number.start()] + str(int(number[0]) + 1) + html[number.end() :]
        return html + "<p>Officers have since thanked everybody who came forward.</p>"

    def _pages(self, sites: list[str]) -> list[str]:
        rooms = {site.id: site for site in self._newsroom.sites}
        return [rooms[name].url(story.path) for name in sites for story in self._newsroom.articles(name)]


def _validators(reply: Reply) -> dict[str, str | None]:
    heads = dict(reply.headers)
    return {"etag": heads.get("ETag"), "modified": heads.get("Last-Modified")}

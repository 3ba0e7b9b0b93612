"""What happens in a newsroom: stories appear, are edited, withdrawn, restored; banners and designs come and go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forcewire.demo.articles import Banner, NewsArticle
from forcewire.demo.pressroom import Pressroom
from forcewire.demo.printing import time_and_date


class EventError(Exception):
    """An event that cannot happen: no such story, or a text that is not in it."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happens on the site with the id `site`."""

    site: str

    def happen(self, room: Pressroom) -> None:
        """Change the site. Raises `EventError`."""
        raise NotImplementedError

    def __str__(self) -> str:
        return f"{self.site}: {type(self).__name__.lower()}"


@dataclass(frozen=True, kw_only=True)
class New(Event):
    """A story is published, at the newsroom's present time unless it has one of its own."""

    article: NewsArticle

    def happen(self, room: Pressroom) -> None:
        article = self.article
        if article.published_at is None and article.date_string is None:
            article = article.changed(published_at=room.now)
        room.put(article, room.now)

    def __str__(self) -> str:
        return f"{self.site}: new: {self.article.title}"


@dataclass(frozen=True, kw_only=True)
class OfStory(Event):
    """Something that happens to the story at `path`."""

    path: str

    def story(self, room: Pressroom) -> NewsArticle:
        if self.path not in room.articles:
            raise EventError(f"{self.site}: no story at {self.path}")
        return room.articles[self.path]

    def __str__(self) -> str:
        return f"{self.site}: {type(self).__name__.lower()}: {self.path}"


@dataclass(frozen=True, kw_only=True)
class Edit(OfStory):
    """A story's words change: each of `swaps` (old, new) in title, description and body, and whole fields by name.

    `stamped` moves the site's own modification time, `reprinted` the printed date ("last published").
    """

    swaps: tuple[tuple[str, str], ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    stamped: bool = True
    reprinted: bool = False

    def happen(self, room: Pressroom) -> None:
        article = self.story(room)
        changes: dict[str, Any] = {}
        for old, new in self.swaps:
            found = False
            for name in ("title", "description", "body_html"):
                value = changes.get(name, getattr(article, name))
                if value and old in value:
                    changes[name], found = value.replace(old, new), True
            if not found:
                raise EventError(f"{self.site}: {old!r} is not in the story at {self.path}")
        if self.stamped:
            changes["modified_at"] = room.now
        if self.reprinted:
            changes["date_string"] = room.site.date_label + time_and_date(room.now)
        room.put(article.changed(**(changes | dict(self.fields))), room.now)


@dataclass(frozen=True, kw_only=True)
class Minor(OfStory):
    """Something that is no change of the story: its picture, a meta time, a flag."""

    fields: Mapping[str, Any]

    def happen(self, room: Pressroom) -> None:
        room.put(self.story(room).changed(**self.fields), room.now)


@dataclass(frozen=True, kw_only=True)
class Withdraw(OfStory):
    """The page leaves listings and feeds, and answers with `status`: 404, 410, or 200 with a page that says "not found"; or
    with a redirect to the address that stands for it.
    """

    status: int | str = 404

    def happen(self, room: Pressroom) -> None:
        self.story(room)
        room.gone[self.path] = self.status
        room.forget(self.path)


@dataclass(frozen=True, kw_only=True)
class Restore(OfStory):
    """A withdrawn story, or one that left the listing, is back."""

    def happen(self, room: Pressroom) -> None:
        self.story(room)
        room.gone.pop(self.path, None)
        room.unlisted.discard(self.path)
        room.forget(self.path)


@dataclass(frozen=True, kw_only=True)
class Unlist(OfStory):
    """The story leaves listings and feeds, and its page stays."""

    def happen(self, room: Pressroom) -> None:
        self.story(room)
        room.unlisted.add(self.path)
        room.forget(self.path)


@dataclass(frozen=True, kw_only=True)
class Move(OfStory):
    """The story gets another address; the old one redirects (301) or is not found."""

    to: str
    redirects: bool = True

    def happen(self, room: Pressroom) -> None:
        article = self.story(room)
        del room.articles[self.path]
        room.put(article.changed(path=self.to), room.now)
        if self.path in room.earlier:
            room.earlier[self.to] = room.earlier.pop(self.path)
        if self.redirects:
            room.moved[self.path] = self.to
        else:
            room.gone[self.path] = 404
        room.forget(self.path)


@dataclass(frozen=True, kw_only=True)
class ShowBanner(Event):
    """An emergency banner appears above every story of the site; None takes it away."""

    banner: Banner | None

    def happen(self, room: Pressroom) -> None:
        room.site = room.site.changed(banner=self.banner)
        room.forget()


@dataclass(frozen=True, kw_only=True)
class Redesign(Event):
    """All pages of the site come in another template (1, 2 or 3); no story changes."""

    template: int

    def happen(self, room: Pressroom) -> None:
        room.site = room.site.changed(template=self.template)
        room.forget()

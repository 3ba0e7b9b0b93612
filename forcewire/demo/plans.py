"""A story before it is written: what its headline and its address will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.composer import Writer, composed_story
from forcewire.demo.events import Event
from forcewire.demo.news import slug_of
from forcewire.demo.pages import KINDS
from forcewire.demo.pressroom import Pressroom


@dataclass(frozen=True, slots=True)
class Plan:
    """A story before it is written: its words come from `site` and `index` when somebody asks for them."""

    site: Site
    index: int
    published: datetime
    title: str
    path: str
    kind: str

    def written(self) -> NewsArticle:
        """The story as it is published."""
        return composed_story(self.site, self.index, self.published).changed(title=self.title, path=self.path)


@dataclass(frozen=True, kw_only=True)
class Publish(Event):
    """A planned story is written and published."""

    plan: Plan

    def happen(self, room: Pressroom) -> None:
        room.put(self.plan.written(), self.plan.published)


def plan_story(site: Site, index: int, published: datetime, titles: set[str]) -> Plan:
    """A plan whose headline is none of `titles`, the site's others; it is added to them. So the address is its own as well."""
    writer = Writer(site, index, published)
    title = writer.title()
    tails = (" near {street2}", ", {operation}", " by {street}", f" ({index})")
    for tail in tails:
        if title.casefold() not in titles:
            break
        title += writer.fill(tail)
    titles.add(title.casefold())
    path = KINDS[site.kind].article_path(slug_of(title), published, index, site)
    return Plan(site, index, published, title, path, writer.kind)

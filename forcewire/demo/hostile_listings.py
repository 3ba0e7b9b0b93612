"""Listings that mislead: empty, endless, with one story under several addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.faults import Fault


@dataclass(kw_only=True)
class EmptyListing(Fault):
    """The page is there and holds no story."""

    def view(self, view: ListingView, site: Site) -> ListingView:
        return ListingView(())


@dataclass(kw_only=True)
class EndlessPaging(Fault):
    """Every page links a next one: with the same stories each time, or with stories never seen before."""

    new_links: bool = False

    def view(self, view: ListingView, site: Site) -> ListingView:
        cards = view.cards
        if self.new_links and view.page > 1:
            numbers = range(view.page * site.page_size, (view.page + 1) * site.page_size)
            cards = tuple(_story(f"/endless/{number}/", number) for number in numbers)
        elif not cards:
            cards = (_story("/endless/0/", 0),)
        return replace(view, cards=cards, pages=view.page + 1, cursor=None)

    def made(self, target: str) -> NewsArticle | None:
        found = re.fullmatch(r"/endless/(\d{1,9})/", target)
        return _story(target, int(found[1])) if found else None


@dataclass(kw_only=True)
class DuplicateLinks(Fault):
    """The first story is linked under four addresses: with a fragment, tracking parameters, host in capitals."""

    def view(self, view: ListingView, site: Site) -> ListingView:
        if not view.cards:
            return view
        first = view.cards[0]
        loud = site.base_url.upper() + first.path
        paths = (f"{first.path}#related", f"{first.path}?utm_source=rss&utm_medium=feed", loud)
        again = tuple(first.changed(path=path) for path in paths)
        return replace(view, cards=(first, *again, *view.cards[1:]))


def _story(path: str, number: int) -> NewsArticle:
    body = f"<p>Officers are asking for information about incident {number}.</p><p>Call 101 with what you know.</p>"
    return NewsArticle(path, f"Appeal number {number}", body, f"Incident {number}", number=number)

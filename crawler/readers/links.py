"""Article links on an HTML listing, found by what cards have in common and not by their names: the same place in the tree, a
date or a headline beside them, and addresses of one family.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from scrapy.http import Response, TextResponse

from crawler.entries import SourceEntry
from crawler.readers.base import Listing
from crawler.readers.candidates import Candidate, anchors_of, candidates_of
from crawler.readers.cards import HEADINGS, Cards, lines_of
from crawler.readers.groups import Group, articles_of, is_story_address
from crawler.readers.page import open_page
from crawler.readers.paging import next_page
from crawler.selectors import NotNews
from storage.records import Link

_MAX_PLACES = 300  # where each link has a place of its own nothing repeats


def read_html_listing(
    response: Response, entry: SourceEntry, *, article_path: str | None = None, not_news: str | None = None
) -> Listing:
    """The article links of an HTML page in its order, and its next page."""
    if not isinstance(response, TextResponse):
        raise NotNews("no listing of text", response.url)
    page = open_page(response)
    skipped = [re.compile(not_news, re.I)] if not_news else []
    candidates = candidates_of(anchors_of(page.root), page.base_url, response.url, entry, skipped)
    groups = _groups(candidates)
    wanted = {c.url for c in candidates if article_path and re.search(article_path, urlsplit(c.url).path)}
    chosen = wanted or articles_of(groups, response.url)
    if entry.articles and not wanted:
        chosen |= {c.url for c in candidates if is_story_address(c.url)}
    links = {
        one.url: Link(url=one.url, title=group.titles[n] or None, published_raw=group.cards.date(n))
        for group in groups
        for n, one in enumerate(group.members)
        if one.url in chosen
    }
    following = next_page(page.root, page.base_url, response.url, entry)
    return Listing(
        tuple(links[c.url] for c in candidates if c.url in links and c.url != following),
        following,
    )


def _groups(candidates: Sequence[Candidate]) -> list[Group]:
    """The candidates by their place, each with its card. What is linked from many cards is part of each."""
    places: dict[tuple[str, ...], list[Candidate]] = {}
    for candidate in candidates:
        places.setdefault(candidate.place, []).append(candidate)
    groups = []
    for place, members in places.items() if len(places) <= _MAX_PLACES else ():
        others = [
            anchor
            for c in candidates
            if c.place != place and (len(members) == 1 or len(c.title) >= 18 or c.headed) and not c.repeated
            for anchor in c.anchors
        ]
        cards = Cards([c.anchors for c in members], others)
        titles = _unlike([c.title or cards.headline(n) for n, c in enumerate(members)], members)
        groups.append(Group(members, titles, cards, headed=members[0].headed or _headed(members, cards)))
    return groups


def _unlike(titles: list[str], members: Sequence[Candidate]) -> list[str]:
    """The titles; where several cards begin with the same words these are a category, and the next line is the title."""
    common = {title for title, n in Counter(titles).items() if n > 1}
    return [
        next((line for line in lines_of(c.anchors[0]) if line not in common), title) if title in common else title
        for title, c in zip(titles, members, strict=True)
    ]


def _headed(members: Sequence[Candidate], cards: Cards) -> bool:
    return sum(1 for n in range(len(members)) if next(cards.tops[n].iter(*HEADINGS), None) is not None) * 2 > len(
        members
    )

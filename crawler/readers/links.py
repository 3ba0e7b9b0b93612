"""Article links on an HTML listing, found by what cards have in common and not by their names: the same place in the tree, a
date or a headline beside them, and addresses of one family.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.etree import _Element
from scrapy.http import Response, TextResponse

from crawler.entries import SourceEntry
from crawler.readers.base import Listing
from crawler.readers.cards import HEADINGS, Cards, heading_of, lines_of, says_nothing
from crawler.readers.groups import Group, articles_of, is_story_address
from crawler.readers.page import open_page
from crawler.readers.paging import next_page, says_more
from crawler.readers.roles import furniture_by_role
from crawler.selectors import NotNews
from crawler.text import inner_text, one_line
from storage.records import Link

_NOT_NEWS = re.compile(
    r"/(?:advice|contact(?:-us)?|foi(?:-ai)?|freedom-of-information|report(?:-a-crime|-it)?|careers|recruitment|jobs|about(?:-us)?|cookies?|privacy(?:-\w+)*|accessibility(?:-\w+)*|login|sign-?in|register|search|tags?"
    r"|category|categories|author|your-area|stats(?:-and-data)?|police-forces|terms(?:-\w+)*|legal|sitemap|help|media-enquiries|subscribe|newsletter|rss|feeds?|events?|campaigns?|wp-admin|wp-content|SysSiteAssets|cdn-cgi"
    r"|cyngor|cysylltu(?:-[aâ]-ni)?|amdanom-ni|preifatrwydd|hygyrchedd|chwilio|ymuno-[aâ]-ni)(?:/|$|\?)",
    re.I,
)
_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|pdf|docx?|xlsx?|pptx?|zip|mp[34]|css|js|ics|xml|rss|atom|json)$", re.I
)
_OWN_ID = re.compile(r"(?:^|&)(?:id|article|story|item)=", re.I)
_MAX_ANCHORS = 20_000  # a listing of more is no listing for people
_LONGEST_URL = 2_000
_MAX_PLACES = 300  # where each link has a place of its own nothing repeats
_LEVELS = 6  # of elements above a link that make its place
_AROUND_PAGES = frozenset(["form", "figure", "aside", "body", "html", "button"])


@dataclass(slots=True)
class Candidate:
    """One address on the listing, with all anchors that lead to it, the one that names it first."""

    url: str
    anchors: list[_Element] = field(default_factory=list)
    title: str = ""
    place: tuple[str, ...] = ()
    headed: bool = False
    texts: set[str] = field(default_factory=set)

    @property
    def repeated(self) -> bool:
        """Whether it is linked in the same words again and again: what cards say of the site, and no story of its own."""
        return len(self.anchors) >= 3 and len(self.texts) == 1


def read_html_listing(
    response: Response, entry: SourceEntry, *, article_path: str | None = None, not_news: str | None = None
) -> Listing:
    """The article links of an HTML page in its order, and its next page."""
    if not isinstance(response, TextResponse):
        raise NotNews("no listing of text", response.url)
    page = open_page(response)
    skipped = [re.compile(not_news, re.I)] if not_news else []
    candidates = _candidates(_anchors(page.root), page.base_url, response.url, entry, skipped)
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


def _anchors(root: _Element) -> list[_Element]:
    """Links that stand outside navigation, footers and forms. A form around the whole page (ASP.NET) counts as none."""
    verdicts: dict[_Element, bool] = {}
    found = []
    for anchor in islice(root.iter("a"), _MAX_ANCHORS):
        above = []
        bad = False
        for one in anchor.iterancestors():
            if one in verdicts:
                bad = verdicts[one]
                break
            above.append(one)
        for one in reversed(above):
            bad = bad or (one.tag not in _AROUND_PAGES and furniture_by_role(one))
            verdicts[one] = bad
        if not bad and anchor.get("href"):
            found.append(anchor)
    return found


def _candidates(
    anchors: Sequence[_Element], base: str, own: str, entry: SourceEntry, skipped: Sequence[re.Pattern[str]]
) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    refused: set[str] = set()
    for anchor in anchors:
        href = (anchor.get("href") or "").strip()
        if len(href) > _LONGEST_URL or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        try:
            url = urldefrag(urljoin(base, href))[0]
            if url not in found and (url in refused or not _may_be_listed(url, own, entry, skipped)):
                refused.add(url)
                continue
        except ValueError:
            continue
        if not _turns_the_page(anchor):
            _add(found.setdefault(url, Candidate(url)), anchor)
    # "?print=1" beside the address itself is the same story on paper.
    plain = {c.url for c in found.values() if "?" not in c.url}
    return [c for c in found.values() if "?" not in c.url or c.url.partition("?")[0] not in plain]


def _may_be_listed(url: str, own: str, entry: SourceEntry, skipped: Sequence[re.Pattern[str]]) -> bool:
    parts = urlsplit(url)
    path = parts.path
    if not path.strip("/") or _ASSET.search(path) or not entry.may_be_article(url):
        return False
    if path.rstrip("/") == urlsplit(own).path.rstrip("/") and not _OWN_ID.search(parts.query):
        return False
    # An entry that says what its articles' addresses look like knows better than a list of words.
    return bool(entry.articles) or not (
        _NOT_NEWS.search(path.rsplit("/", 1)[0] + "/")
        or _NOT_NEWS.fullmatch(path)
        or any(p.search(path) for p in skipped)
    )


def _turns_the_page(anchor: _Element) -> bool:
    if len(anchor) > 3:
        return False
    text = one_line(inner_text(anchor))
    return text.isdecimal() or (len(text) < 40 and says_more(text) and not says_nothing(text))


def _add(candidate: Candidate, anchor: _Element) -> None:
    """Of several links to one article the one in or around a heading names it, else the longest text."""
    heading = heading_of(anchor)
    headed = heading is not None
    inside = headed and heading is not None and anchor in heading.iterancestors()
    text = one_line(inner_text(heading)) if inside and heading is not None else next(iter(lines_of(anchor)), "")
    candidate.texts.add(text)
    if says_nothing(text):
        text = ""
    better = (headed, len(text)) > (candidate.headed, len(candidate.title)) and (text or not candidate.title)
    if better or not candidate.anchors:
        candidate.title, candidate.headed = text, headed
        tags = [str(a.tag) for a in islice(anchor.iterancestors(), _LEVELS)]
        candidate.place = (*tags, "h" if inside else "")
        candidate.anchors.insert(0, anchor)
    else:
        candidate.anchors.append(anchor)


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

"""Article links on an HTML listing, found by what cards have in common and not by their names: the same place in the tree, a
headline for a text, and an address of their own. And where the listing's next page is.
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

from crawler import dates
from crawler.entries import SourceEntry
from crawler.readers.base import Listing
from crawler.readers.layout import furniture_by_role
from crawler.readers.page import open_page
from crawler.selectors import NotNews
from crawler.text import inner_text, one_line
from storage.records import Link

_NOT_NEWS = re.compile(
    r"/(?:advice|contact(?:-us)?|foi(?:-ai)?|freedom-of-information|report(?:-a-crime|-it)?|careers|recruitment|jobs|about(?:-us)?|cookies?|privacy(?:-\w+)*|accessibility(?:-\w+)*|login|sign-?in|register|search|tags?"
    r"|category|categories|author|your-area|stats(?:-and-data)?|police-forces|terms(?:-\w+)*|legal|sitemap|help|media-enquiries|subscribe|newsletter|rss|feeds?|events?|campaigns?|wp-admin|wp-content|SysSiteAssets|cdn-cgi)(?:/|$|\?)",
    re.I,
)
_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|pdf|docx?|xlsx?|pptx?|zip|mp[34]|css|js|ics|xml|rss|atom|json)$", re.I
)
_MORE = re.compile(
    r"\W*(?:next(?: page)?|older(?: posts| news| stories| entries)?|more news|load more|show more|see more|view more|more stories|nesaf)\W*(?:page \d+.*)?",
    re.I,
)
_GENERIC_TEXT = re.compile(
    r"\W*(?:read (?:more|on|full story)|more|view|full story|find out more|continue(?: reading)?|image|news image|details|click here|see more)\W*.{0,8}",
    re.I,
)
_SLUG = re.compile(r"(?:[^/]*[-_][^/]*[-_][^/]*|[^/]*\d{3,}[^/]*|[0-9a-f-]{32,36}|[^/]+\.(?:aspx?|html?|php))$", re.I)
_MAX_ANCHORS = 20_000  # a listing of more is no listing for people
_LONGEST_URL = 2_000
_PAGE_NUMBER = re.compile(r"(?:[?&](?:page|p|pg|paged|start|pagenumber)=|/page[/-]?)(\d+)", re.I)


@dataclass(slots=True)
class _Candidate:
    """One address on the listing, with all anchors that lead to it."""

    url: str
    anchors: list[_Element] = field(default_factory=list)
    title: str = ""
    place: tuple[str, ...] = ()
    headed: bool = False


def read_html_listing(
    response: Response, entry: SourceEntry, *, article_path: str | None = None, not_news: str | None = None
) -> Listing:
    """The article links of an HTML page in its order, and its next page."""
    if not isinstance(response, TextResponse):
        raise NotNews("no listing of text", response.url)
    page = open_page(response)
    skipped = [re.compile(not_news, re.I)] if not_news else []
    anchors = _anchors(page.root)
    candidates = _candidates(anchors, page.base_url, response.url, entry, skipped)
    wanted = [c for c in candidates.values() if article_path and re.search(article_path, urlsplit(c.url).path)]
    owners = {id(a): c.url for c in candidates.values() for a in c.anchors}
    chosen = wanted or _articles(list(candidates.values()), owners)
    if entry.articles and not wanted:
        sure = {c.url for c in chosen}
        chosen = [c for c in candidates.values() if c.url in sure or _named_as_a_story(c.url)]
    links = tuple(Link(url=c.url, title=c.title or None, published_raw=_date_beside(c, owners)) for c in chosen)
    return Listing(links, _next_page(page.root, anchors, page.base_url, response.url, entry))


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
            bad = bad or (
                one.tag not in ("form", "figure", "aside", "body", "html", "button") and furniture_by_role(one)
            )
            verdicts[one] = bad
        if not bad and anchor.get("href"):
            found.append(anchor)
    return found


def _candidates(
    anchors: Sequence[_Element], base: str, own: str, entry: SourceEntry, skipped: Sequence[re.Pattern[str]]
) -> dict[str, _Candidate]:
    found: dict[str, _Candidate] = {}
    here = urldefrag(own)[0].rstrip("/")
    for anchor in anchors:
        href = (anchor.get("href") or "").strip()
        if len(href) > _LONGEST_URL or href.startswith(("#", "javascript:", "mailto:", "tel:")):
            continue
        try:
            url = urldefrag(urljoin(base, href))[0]
            parts = urlsplit(url)
        except ValueError:
            continue
        if not entry.owns(url) or url.rstrip("/") == here or _ASSET.search(parts.path) or not parts.path.strip("/"):
            continue
        # An entry that says what its articles' addresses look like knows better than a list of words.
        if not entry.may_be_article(url) or (
            not entry.articles
            and (
                _NOT_NEWS.search(parts.path.rsplit("/", 1)[0] + "/")
                or _NOT_NEWS.fullmatch(parts.path)
                or any(p.search(parts.path) for p in skipped)
            )
        ):
            continue
        if parts.path.rstrip("/") == urlsplit(own).path.rstrip("/") and not re.search(
            r"(?:^|&)(?:id|article|story|item)=", parts.query, re.I
        ):
            continue
        _add(found.setdefault(url, _Candidate(url)), anchor)
    return found


def _add(candidate: _Candidate, anchor: _Element) -> None:
    """Of several links to one article the one in or around a heading names it, else the longest text."""
    candidate.anchors.append(anchor)
    inside = next(anchor.iter("h1", "h2", "h3", "h4", "h5"), None)
    around = next(
        (a for a, _ in zip(anchor.iterancestors(), range(3), strict=False) if a.tag in ("h1", "h2", "h3", "h4", "h5")),
        None,
    )
    text = one_line(inner_text(inside if inside is not None else anchor))
    headed = inside is not None or around is not None
    if _GENERIC_TEXT.fullmatch(text):
        text = ""
    if (headed, len(text)) > (candidate.headed, len(candidate.title)) and (text or not candidate.title):
        candidate.title, candidate.headed = text, headed
        tags = [str(a.tag) for a, _ in zip(anchor.iterancestors(), range(5), strict=False)]
        candidate.place = (*tags, "h" if inside is not None else "")


def _articles(found: list[_Candidate], owners: dict[int, str]) -> list[_Candidate]:
    """Those of the candidates that stand in a place where headlines stand.

    Places with headings or dates are sure. What stands elsewhere is only taken from the sections that these lead to: a menu
    holds long names too ("News archive").
    """
    places: dict[tuple[str, ...], list[_Candidate]] = {}
    for candidate in found:
        places.setdefault(candidate.place, []).append(candidate)
    sure: list[_Candidate] = []
    maybe: list[_Candidate] = []
    for group in places.values():
        lengths = sorted(len(c.title) for c in group)
        slugs = sum(1 for c in group if _named_as_a_story(c.url))
        typical = lengths[len(lengths) // 2]
        headed = group[0].headed
        named = [c for c in group if len(c.title) >= 4]
        if headed and typical >= 8 and (typical >= 18 or slugs >= 0.5 * len(group)):
            sure += named
        elif typical >= 18 and slugs >= 0.4 * len(group):
            dated = sum(1 for c in group if _date_beside(c, owners))
            (sure if dated >= 0.5 * len(group) else maybe).extend(named)
    sections = Counter(_section(c.url) for c in sure or maybe)
    kept = {section for section, n in sections.items() if n > 0.2 * sections.total()}
    chosen = {c.url for c in sure if c.headed or _section(c.url) in kept} | {
        c.url for c in maybe if _section(c.url) in kept
    }
    return [c for c in found if c.url in chosen]


def _named_as_a_story(url: str) -> bool:
    """Whether an address ends as those of stories do: in several words, a number, or a file's name."""
    return _SLUG.fullmatch(urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]) is not None


def _section(url: str) -> str:
    return urlsplit(url).path.strip("/").split("/", 1)[0].lower()


def _date_beside(candidate: _Candidate, owners: dict[int, str]) -> str | None:
    """The date printed on the card of a link: the largest element around it that leads to no other article."""
    card = candidate.anchors[0]
    for above in card.iterancestors():
        if above.tag in ("body", "html", "main", "tbody") or any(
            owners.get(id(a), candidate.url) != candidate.url for a in above.iter("a")
        ):
            break
        card = above
    for time in card.iter("time"):
        if (stamp := time.get("datetime")) and dates.find(stamp):
            return stamp
    for text in card.itertext():
        line = one_line(str(text))
        if line and len(line) < 90 and (printed := dates.date_line(line)) is not None and printed.label != "modified":
            return line
    return None


def _next_page(root: _Element, anchors: Sequence[_Element], base: str, own: str, entry: SourceEntry) -> str | None:
    """The next page of a listing: by rel=next, by a link that says so, by the number after this page's own."""

    def target(element: _Element) -> str | None:
        try:
            url = urldefrag(urljoin(base, (element.get("href") or "").strip()))[0]
        except ValueError:
            return None
        return url if entry.owns(url) and url != urldefrag(own)[0] else None

    everywhere = [*root.iter("link"), *root.iter("a")]
    for element in everywhere:
        if "next" in (element.get("rel") or "").lower().split() and (url := target(element)):
            return url
    for element in root.iter("a"):
        words = one_line(inner_text(element)) or (element.get("aria-label") or element.get("title") or "")
        label = element.get("aria-label") or ""
        if (
            (_MORE.fullmatch(words) or (label and _MORE.fullmatch(label)))
            and (url := target(element))
            and _pages(url, own)
        ):
            return url
    current = int(found[1]) if (found := _PAGE_NUMBER.search(own)) else 1
    numbers: dict[int, str] = {}
    for element in root.iter("a"):
        words = one_line(inner_text(element))
        if words.isdigit() and len(words) < 5 and (url := target(element)):
            numbers.setdefault(int(words), url)
    if found and current == 0:
        current = 1
    url = numbers.get(current + 1)
    return url if url and _PAGE_NUMBER.search(url) else None


def _pages(url: str, own: str) -> bool:
    """Whether a link that says "next" or "more" leads to more of this listing: below its path, or with another query."""
    return urlsplit(url).path.rstrip("/").startswith(urlsplit(own).path.rstrip("/").rsplit("/page", 1)[0]) or bool(
        urlsplit(url).query
    )

"""Where a site's listings may be: what it announces, where its menu leads, what its platform usually has. Each is a guess
until it was fetched and shows links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.entries import SourceEntry
from crawler.probing.announced import feeds_of
from crawler.probing.measures import shared_folder
from crawler.readers.page import Page, joined
from crawler.text import inner_text, one_line
from crawler.urls import canonical

_MENU = re.compile(
    r"(?:(?:all|latest|our|more|read all|view all|see all|local|police|media|press)\s+)*(?:news|newyddion|newsroom|news (?:and|&) (?:appeals|media|events|updates|communications)|news (?:releases|stories|archive)"
    r"|press releases|appeals|media releases|latest(?: updates| stories)?|stories|newyddion diweddaraf|media centre)",
    re.I,
)
NEWS_SEGMENT = re.compile(
    r"news|newyddion|stor(?:y|ies)|article|appeal|press|media|release|latest|update|blog|post|notice|bulletin", re.I
)
_FEED_PATHS: dict[str, tuple[str, ...]] = {
    "single_online_home": ("{listing}GetNewsRss/",),
    "wordpress": ("{listing}feed/", "/feed/"),
    "drupal": ("/rss.xml", "{listing}/feed", "{listing}/rss.xml"),
    "mynewsdesk": ("/rss/source/current_news", "/rss/current_news"),
    "govuk": (),
    "umbraco": ("{listing}rss/", "/rss/"),
    "sharepoint": (),
    "prgloo": ("/rss", "/feed"),
    "joomla": ("{listing}?format=feed&type=rss",),
    "guid_newsroom": (),
    "generic": ("{listing}feed/", "{listing}rss/", "/feed/", "/rss.xml"),
}
_LISTING_PATHS: dict[str, tuple[str, ...]] = {
    "mynewsdesk": ("/latest_news", "/news"),
    "govuk": (),
    "generic": ("/news/", "/news", "/latest-news/"),
}


@dataclass(slots=True, frozen=True)
class Candidate:
    """An address that may be a listing, and why it is thought of."""

    url: str
    why: str


def listing_candidates(
    page: Page, url: str, platform: str, entry: SourceEntry, links: Sequence[str] = ()
) -> list[Candidate]:
    """HTML listings that may be there, the likeliest first. `url` itself is not among them. `links`: stories it leads to."""
    found: dict[str, Candidate] = {}
    for candidate in (*_in_menu(page, entry), *_around(links, url), *_above(url), *_usual(url, platform)):
        own = canonical(candidate.url, entry, base=url)
        if own and own != url:
            found.setdefault(own, Candidate(own, candidate.why))
    return list(found.values())


def feed_candidates(pages: list[Page], listing: str | None, platform: str, entry: SourceEntry) -> list[Candidate]:
    """Feeds that may be there: those that pages announce first, then those that the platform usually has."""
    found: dict[str, Candidate] = {}
    for page in pages:
        linked = ((each, "linked from a page") for each in _linked_feeds(page))
        for address, why in (*((each, "announced by link rel=alternate") for each in feeds_of(page)), *linked):
            if own := canonical(address, entry, base=page.url):
                found.setdefault(own, Candidate(own, why))
    base = listing or entry.listing[0].url
    for pattern in _FEED_PATHS.get(platform, _FEED_PATHS["generic"]):
        plain = urlunsplit(urlsplit(base)._replace(query="", fragment=""))
        below = plain.rstrip("/") if pattern.startswith("{listing}/") or "?" in pattern else f"{plain.rstrip('/')}/"
        if own := canonical(urljoin(base, pattern.replace("{listing}", below)), entry):
            found.setdefault(
                own, Candidate(own, f"a usual address of {platform}" if platform != "generic" else "a usual address")
            )
    return list(found.values())


def elsewhere(page: Page, entry: SourceEntry) -> str | None:
    """Where a site's menu leads for its news, when that is a host beside the site's own: news.example.org of
    www.example.org.
    """
    own = (urlsplit(page.url).hostname or "").removeprefix("www.")
    for anchor in page.root.iter("a"):
        text = one_line(inner_text(anchor))
        address = joined(page.base_url, (anchor.get("href") or "").strip())
        host = (urlsplit(address).hostname or "") if address.startswith("http") else ""
        above = own.partition(".")[2]
        # Not the national site above a force's: police.uk is nobody's own.
        beside = host.endswith(f".{own}") or (host.removeprefix("www.") == above and above.count(".") >= 2)
        if beside and not entry.owns(address) and len(text) <= 40 and _MENU.fullmatch(text.strip(" »>›→")):
            return address
    return None


def _in_menu(page: Page, entry: SourceEntry) -> Iterator[Candidate]:
    ranked: list[tuple[int, int, Candidate]] = []
    for place, anchor in enumerate(page.root.iter("a")):
        if place > 3000:
            break
        text = one_line(inner_text(anchor)) or anchor.get("aria-label") or anchor.get("title") or ""
        if len(text) > 40 or not _MENU.fullmatch(text.strip(" »>›→")):
            continue
        address = joined(page.base_url, (anchor.get("href") or "").strip())
        if not address or not canonical(address, entry, base=page.url):
            continue
        exact = (
            0 if re.fullmatch(r"(?:(?:all|latest) )?news|newyddion|news (?:and|&) appeals|newsroom", text, re.I) else 1
        )
        ranked.append((exact, place, Candidate(address, f"the site's own link {text!r}")))
    yield from (candidate for _, _, candidate in sorted(ranked, key=lambda one: one[:2])[:5])


def _around(links: Sequence[str], url: str) -> Iterator[Candidate]:
    """The folder that all stories of a page lie in."""
    if folder := shared_folder(links):
        slash = "/" if links[0].endswith("/") else ""
        yield Candidate(urljoin(url, f"/{'/'.join(folder)}{slash}"), "the folder that its stories lie in")


def _above(url: str) -> Iterator[Candidate]:
    """The folders above an article's address, the nearest first: the last one that speaks of news is tried first."""
    path = urlsplit(url).path
    parts = path.strip("/").split("/")[:-1]
    while parts and re.fullmatch(
        r"\d{1,4}|\d{2,4}-?\w+|[a-z]+-\d{2,4}|jan\w*|feb\w*|mar\w*|apr\w*|may|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*",
        parts[-1],
        re.I,
    ):
        parts.pop()
    for end in range(len(parts), 0, -1):
        if NEWS_SEGMENT.search("/".join(parts[:end])):
            plain = "/" + "/".join(parts[:end])
            for folder in (f"{plain}/", plain) if path.endswith("/") else (plain, f"{plain}/"):
                yield Candidate(urljoin(url, folder), "a folder above the article")


def _usual(url: str, platform: str) -> Iterator[Candidate]:
    for path in _LISTING_PATHS.get(platform, _LISTING_PATHS["generic"]):
        yield Candidate(urljoin(url, path), "a usual address")


def _linked_feeds(page: Page) -> Iterator[str]:
    for anchor in page.root.iter("a"):
        href = (anchor.get("href") or "").strip()
        if re.search(r"(?:^|[/.?=_-])(?:rss|atom|feed|getnewsrss)(?:[/.?&=_-]|\d|$)|/rss/current_news/\d+", href, re.I):
            yield joined(page.base_url, href)

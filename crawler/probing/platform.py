"""Which website platform a site runs on, told from what its pages, paths, headers and robots.txt give away."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.readers import READERS
from crawler.readers.page import Page

# Where a sign is looked for: `generator`: the meta tag; `page`: the bytes; `path`: addresses; `host`; `header`; `robots`.
# Weight 3 is proof for people, 1 a hint that others share.
_SIGNS: tuple[tuple[str, str, int, str, str], ...] = (
    ("single_online_home", "page", 3, r"/SysSiteAssets/", "paths below /SysSiteAssets/"),
    ("single_online_home", "robots", 2, r"GetPaginatedResults|/mediacentre", "robots.txt names /GetPaginatedResults/"),
    ("single_online_home", "path", 1, r"^/news/[a-z-]+/(?:news2?|latest)/", "/news/AREA/news/ in the address"),
    ("wordpress", "generator", 3, r"^WordPress", "generator says WordPress"),
    ("wordpress", "page", 3, r"api\.w\.org|/wp-json/", "the page links its wp-json interface"),
    ("wordpress", "page", 2, r"/wp-(?:content|includes)/", "paths below /wp-content/ or /wp-includes/"),
    ("wordpress", "robots", 1, r"/wp-admin/", "robots.txt names /wp-admin/"),
    ("drupal", "generator", 3, r"^Drupal", "generator says Drupal"),
    ("drupal", "page", 2, r"drupal-settings-json|drupalSettings|Drupal\.settings|data-drupal-", "Drupal's settings in the page"),
    ("drupal", "page", 2, r"/sites/(?:default|[\w.-]+)/files/", "paths below /sites/default/files/"),
    ("drupal", "header", 3, r"^x-(?:generator: drupal|drupal-)", "a header names Drupal"),
    ("drupal", "robots", 1, r"/node/add|/core/", "robots.txt names /node/add"),
    ("mynewsdesk", "host", 3, r"(?:^|\.)mynewsdesk\.com", "the host is mynewsdesk.com"),
    ("mynewsdesk", "page", 2, r"powered by mynewsdesk|mynewsdesk\.com|mnd-", "the page names Mynewsdesk"),
    ("mynewsdesk", "page", 1, r"/rss/current_news/\d", "a feed at /rss/current_news/NUMBER"),
    ("govuk", "host", 3, r"^www\.gov\.uk$", "the host is www.gov.uk"),
    ("govuk", "page", 2, r"assets\.publishing\.service\.gov\.uk|name=\"govuk:|gem-c-", "GOV.UK's own components in the page"),
    ("umbraco", "generator", 3, r"umbraco", "generator says Umbraco"),
    ("umbraco", "header", 3, r"^x-umbraco", "a header names Umbraco"),
    ("umbraco", "page", 2, r"/umbraco/|umb-(?:grid|block)|ufprt", "Umbraco's paths or classes in the page"),
    ("umbraco", "page", 1, r"/media/(?:[a-z0-9]{8}|\d{3,6})/[\w%.-]+\.(?:jpe?g|png|webp)", "pictures at /media/KEY/"),
    ("sharepoint", "generator", 3, r"SharePoint", "generator says SharePoint"),
    ("sharepoint", "header", 3, r"^(?:microsoftsharepointteamservices|sprequestguid|x-sharepoint)", "a header names SharePoint"),
    ("sharepoint", "page", 2, r"_spPageContextInfo|/_layouts/15/|/_catalogs/|ms-rte(?:Element|Field)", "SharePoint's scripts in the page"),
    ("sharepoint", "path", 1, r"/Pages/[^/]+\.aspx$", "/Pages/NAME.aspx in the address"),
    ("prgloo", "host", 3, r"prgloo\.com", "the host is prgloo.com"),
    ("prgloo", "page", 2, r"prgloo|pr-gloo", "the page names PRgloo"),
    ("prgloo", "path", 1, r"^/r/\d+/", "/r/NUMBER/ in the address"),
    ("joomla", "generator", 3, r"Joomla", "generator says Joomla"),
    ("joomla", "page", 2, r"option=com_content|/media/(?:system|vendor/joomla)[\w-]*/js/|joomla-script-options|/components/com_", "Joomla's paths in the page"),
    ("joomla", "page", 1, r"format=feed(?:&amp;|&)type=(?:rss|atom)", "a feed at format=feed"),
    ("guid_newsroom", "path", 2, r"/news-?article/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", "/news-article/GUID in the address"),
    ("guid_newsroom", "page", 2, r"/news-?article/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", "links to /news-article/GUID"),
)  # fmt: skip
_ENOUGH = 2


@dataclass(slots=True)
class Guess:
    """`platform`: the reader's name, 'generic' where nothing points elsewhere. `sure`: sure, likely or doubtful."""

    platform: str
    sure: str
    signs: list[str] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    generator: str | None = None

    @property
    def reader(self) -> str:
        """A reader there is: that of the platform, or the one that reads any site."""
        return self.platform if self.platform in READERS else "generic"


def guess(responses: Iterable[Response], pages: Iterable[Page], robots: str, urls: Iterable[str] = ()) -> Guess:
    """The platform of a site from some of its answers. Signs add up; one that others share proves nothing alone."""
    responses, pages = list(responses), list(pages)
    texts = {
        "page": "\n".join(r.body.decode("utf-8", errors="replace") for r in responses),
        "header": "\n".join(_headers(r) for r in responses),
        "robots": robots,
    }
    addresses = [r.url for r in responses] + list(urls)
    generator = ", ".join(dict.fromkeys(g for page in pages for g in _generators(page))) or None
    each = {
        "generator": [g for page in pages for g in _generators(page)],
        "path": [urlsplit(url).path for url in addresses],
        "host": [urlsplit(url).hostname or "" for url in addresses],
    }
    points: dict[str, int] = defaultdict(int)
    signs: dict[str, list[str]] = defaultdict(list)
    for platform, where, weight, pattern, words in _SIGNS:
        flags = re.I | re.M
        hit = (
            re.search(pattern, texts[where], flags)
            if where in texts
            else next((m for value in each[where] if (m := re.search(pattern, value, flags))), None)
        )
        if hit:
            points[platform] += weight
            signs[platform].append(words)
    best = max(points, key=lambda name: points[name], default="generic")
    if points.get(best, 0) < _ENOUGH:
        return Guess(
            "generic", "doubtful", ["no sign of a platform that has a reader of its own"], dict(signs), generator
        )
    second = max((n for name, n in points.items() if name != best), default=0)
    sure = (
        "sure"
        if points[best] >= 3 and points[best] >= second + 2
        else "likely"
        if points[best] > second
        else "doubtful"
    )
    return Guess(best, sure, signs[best], {name: s for name, s in signs.items() if name != best}, generator)


def _generators(page: Page) -> list[str]:
    named = page.meta.get("generator") or []
    return [named] if isinstance(named, str) else list(named)


def _headers(response: Response) -> str:
    pairs = ((name, value) for name, values in response.headers.items() for value in values)
    return "\n".join(f"{name.decode('latin-1')}: {value.decode('latin-1')}".lower() for name, value in pairs)

"""Which addresses of a news site can be an article's: the rest are advice, forms, pictures, and the shelves of the news itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import unquote, urlsplit


class _Address(Protocol):
    @property
    def url(self) -> str: ...


# Sections that many sites have beside their news.
SECTIONS = (
    r"advice|contact(?:-us)?|foi(?:-ai)?|freedom-of-information|report(?:-a-crime|-it)?|careers|recruitment|jobs|campaigns?|events?"
    r"|about(?:-us)?|your-area|police-forces|cookies?|privacy(?:-\w+)*|accessibility(?:-\w+)*|login|sign-?in|register|search"
    r"|stats(?:-and-data)?|terms(?:-\w+)*|legal|sitemap|help|media-enquiries|subscribe|newsletter|tags?|category|categories"
    r"|author|wp-admin|wp-content|SysSiteAssets|cdn-cgi"
)
# What a site files below its news is not judged by these words: real stories lie in "campaigns" and "reports".
_SECTIONS = re.compile(
    rf"/(?:{SECTIONS}|contact-af|ro/report|rqo|tua|hyg|cp|area|log-in|taxonomy|user|wp-(?:json|includes|login)|globalassets"
    r"|api(?!/content/)|assets|siteassets)(?:/|\.|$)",
    re.IGNORECASE,
)
_SEARCH = re.compile(r"/news/news-search(?:/|$)", re.IGNORECASE)
_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|pdf|docx?|xlsx?|pptx?|csv|zip|mp[34]|m4[av]|mov|wav|css|js|ics|xml|rss|atom|json|txt)$",
    re.IGNORECASE,
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    "|ion(?:awr)?|chwe?(?:fror)?|maw(?:rth)?|ebr(?:ill)?|mai|meh(?:efin)?|gorff(?:ennaf)?|awst|med(?:i)?|hyd(?:ref)?|tach(?:wedd)?|rhag(?:fyr)?"
)
_DATED = (
    rf"\d{{1,2}}|\d{{4}}|\d{{1,2}}-\d{{1,2}}-\d{{2,4}}|(?:\d{{1,2}}-+)?(?:{_MONTHS})(?:-(?:{_MONTHS}))?(?:-?\d{{1,4}})?"
)
# A shelf is a folder that only holds other pages: a category, a year, a month, a week, a page number of a list.
_SHELF = re.compile(
    rf"(?:latest-)?news\d?|latest|newyddion|news-and-appeals|news-appeals|news-campaigns|news-articles?|(?:witness-|local-)?appeals"
    rf"|campaigns|articles?|blog_posts|blogs?|in-court|court-results|brought-to-justice|policing-news|force-news|press-releases"
    rf"|most-wanted|wanted|missing|missing-people|caught-on-camera|featured|(?:\d{{4}}[_-])?archive|template-?\d*"
    rf"|north|south|east|west|forcewide|england|wales|feeds?|rss|page|GetNewsRss"
    rf"|{_DATED}",
    re.IGNORECASE,
)
# A story may itself be called "news", in the folder of its month; a shelf of that name would be above the months.
_STORY = re.compile(rf"/(?:{_DATED})/news$", re.IGNORECASE)
_BY_DATE = re.compile(r"/(?:19|20)\d\d(?:/\d\d?){0,2}$")
_ANY_STORY = "a-story-of-any-name"
_OWN_ID = re.compile(r"(?:^|&)(?:id|article|story|item)=", re.IGNORECASE)


def has_own_id(query: str) -> bool:
    """Whether a query names a story by itself, so that one path holds many: "id=1234"."""
    return _OWN_ID.search(query) is not None


def may_be_news(url: str, articles: Iterable[str], listings: Iterable[_Address]) -> bool:
    """Whether an address can be an article's. `articles` are regular expressions of which one must be found in the path;
    where there are none, whatever stands in no section known for something else may be one.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    path = parts.path.rstrip("/")
    if not path or _ASSET.search(path) or _SEARCH.match(path):
        return False
    own_id = has_own_id(parts.query)
    if not own_id and path in {urlsplit(one.url).path.rstrip("/") for one in listings}:
        return False
    patterns = tuple(articles)
    if patterns:
        spellings = {parts.path, unquote(parts.path)}
        return any(_fits(pattern, spelling) for pattern in patterns for spelling in spellings)
    *above, last = path.strip("/").split("/")
    # A number may be a story's own, as in /news/1234, where it is no year and no month below one.
    number = own_id or (last.isdigit() and _BY_DATE.search(path) is None)
    shelves = not number and all(_SHELF.fullmatch(one) for one in (*above, last))
    return not shelves and _SECTIONS.match(path) is None


def _fits(pattern: str, path: str) -> bool:
    """Whether a path is of an article's shape, and no shelf. Where the pattern would take any name at the path's end, a
    shelf's name is none of a story; where it asks for just this end ("/article/\\d+"), it knows better.
    """
    if not re.search(pattern, path):
        return False
    above, _, last = path.rstrip("/").rpartition("/")
    if _SHELF.fullmatch(last) is None or _STORY.search(path.rstrip("/")):
        return True
    return not re.search(pattern, f"{above}/{_ANY_STORY}{path[len(path.rstrip('/')) :]}")

"""Which of the places where links stand on a listing hold its articles, and which are menus and pages of the site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol
from urllib.parse import urlsplit

from crawler.entries.news_paths import has_own_id
from crawler.readers.cards import Cards

_SLUG = re.compile(r"(?:[^/]*[-_][^/]*[-_][^/]*|[^/]*\d{3,}[^/]*|[0-9a-f-]{32,36}|[^/]+\.(?:aspx?|html?|php))$", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?|site|web", re.I)
_NEWS = re.compile(r"news|newyddion|latest|press|release|article|stor(?:y|ies)|media|blog|erthygl", re.I)
_SHARE = 0.2  # of the sure articles: a family of addresses with fewer is no family of stories
_LEAST = 2.5  # of a place without dates


class _Member(Protocol):
    @property
    def url(self) -> str: ...


@dataclass
class Group:
    """The links of one place, their headlines and their cards."""

    members: Sequence[_Member]
    titles: Sequence[str]
    cards: Cards
    headed: bool

    @cached_property
    def typical(self) -> int:
        """The length of a headline of the group."""
        return sorted(map(len, self.titles))[len(self.titles) // 2]

    @cached_property
    def dated(self) -> float:
        """The share of links with a date beside them."""
        return sum(1 for n in range(len(self.members)) if self.cards.date(n)) / len(self.members)

    @cached_property
    def storied(self) -> float:
        """The share of addresses that end as those of stories do."""
        return sum(1 for one in self.members if is_story_address(one.url)) / len(self.members)

    @property
    def sure(self) -> bool:
        """Whether dates stand beside the links: what no menu has."""
        if self.dated < 0.5 or self.typical < 4:
            return False
        return self.headed or (len(self.members) > 1 and (self.typical >= 12 or self.storied >= 0.5))

    def weight(self, listing: str) -> float:
        """How much a place without dates looks like one of articles: headings, words of a story, text and pictures beside
        the links, and an address below the listing's own or in a section that says news.
        """
        if self.typical < 8:
            return 0.0
        number = len(self.members)
        families = Counter(family_of(one.url) for one in self.members)
        family, most = families.most_common(1)[0]
        own = family_of(listing.rstrip("/") + "/x")
        return (
            1.0 * self.headed
            + 1.0 * self.storied
            + 0.5 * (self.typical >= 18)
            + 0.5 * (self.typical >= 30)
            + 1.0 * (sum(1 for n in range(number) if self.cards.text(n, self.titles[n]) >= 40) >= 0.5 * number)
            + 0.5 * (sum(1 for n in range(number) if self.cards.pictured(n)) >= 0.5 * number)
            + 1.5 * (2 * most >= number and (family == own != "" or _NEWS.search(family) is not None))
        )


def articles_of(groups: Sequence[Group], listing: str) -> set[str]:
    """The addresses of the articles. Where dates stand beside links these are sure, and others are only taken from the
    families of addresses that these lead to: a menu holds long names too ("News archive").
    """
    sure = [group for group in groups if group.sure]
    if sure:
        families = _families(sure, only_dated=True)
        chosen = {
            one.url
            for g in sure
            for n, one in enumerate(g.members)
            if g.cards.date(n) or family_of(one.url) in families
        }
        families.discard("")  # stories at the root of a site are told from its other pages by their dates alone
        others = [group for group in groups if not group.sure and (group.headed or group.typical >= 8)]
    else:
        weights = {id(group): group.weight(listing) for group in groups}
        best = max(weights.values(), default=0.0)
        likely = [group for group in groups if weights[id(group)] >= max(_LEAST, best - 0.75)]
        families = _families(likely, only_dated=False)
        chosen = {one.url for g in likely for one in g.members if family_of(one.url) in families}
        families.discard("")
        others = [group for group in groups if weights[id(group)] >= 1.5]
    joining = (one.url for group in others for one in group.members if family_of(one.url) in families)
    return chosen | {url for url in joining if is_story_address(url)}


def _families(groups: Sequence[Group], *, only_dated: bool) -> set[str]:
    counted = Counter(
        family_of(one.url)
        for group in groups
        for n, one in enumerate(group.members)
        if not only_dated or group.cards.date(n)
    )
    return {family for family, n in counted.items() if n > _SHARE * counted.total()}


def is_story_address(url: str) -> bool:
    """Whether an address ends as those of stories do: in several words, a number, a file's name, or an id of its own."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rsplit("/", 1)[-1]
    return has_own_id(parts.query) or (_SLUG.fullmatch(last) is not None and _YEAR.fullmatch(last) is None)


def family_of(url: str) -> str:
    """What addresses of one kind share: the first folder, '9' for a number; the whole path where the query tells the pages
    of one file apart; '' at the root.
    """
    parts = urlsplit(url)
    if has_own_id(parts.query):
        return parts.path.lower()
    folders = parts.path.rstrip("/").lower().split("/")[1:-1]
    if len(folders) > 1 and _LANGUAGE.fullmatch(folders[0]):
        del folders[0]
    return "9" if folders and folders[0].isdecimal() else folders[0] if folders else ""

"""The addresses on an HTML listing that may be articles, with all links that lead to each and what these say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.etree import _Element

from crawler.entries import SourceEntry
from crawler.entries.news_paths import SECTIONS, has_own_id
from crawler.readers.cards import heading_of, lines_of, says_nothing
from crawler.readers.paging import says_more
from crawler.readers.roles import furniture_by_role
from crawler.text import inner_text, one_line

# On a listing the words count in any folder: its menus lead deep, and "/cy/advice/" is no news.
_NOT_NEWS = re.compile(
    rf"/(?:{SECTIONS}|rss|feeds?|cyngor|cysylltu(?:-[aâ]-ni)?|amdanom-ni|preifatrwydd|hygyrchedd|chwilio|ymuno-[aâ]-ni)(?:/|$|\?)",
    re.I,
)
_MAX_ANCHORS = 20_000  # a listing of more is no listing for people
_LONGEST_URL = 2_000
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


def anchors_of(root: _Element) -> list[_Element]:
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


def candidates_of(
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
    if not path.strip("/") or not entry.may_be_article(url):
        return False
    if path.rstrip("/") == urlsplit(own).path.rstrip("/") and not has_own_id(parts.query):
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

"""What class names and ids suggest about an element. Only everyday words of many sites, and a hint, never a proof."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.etree import _Element

from crawler.readers.anchors import is_anchor

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

_FURNITURE = re.compile(
    r" (?:nav|navbar|navigation|menu|breadcrumbs?|cookies?|consent|share|sharing|social|related|footer|sidebar|skip|skiplinks?|pagination"
    r"|pager|tags|taglist|newsletter|subscribe|subscription|comments?|feedback|promo|teasers?|carousel|popup|modal|masthead|siteheader|sitefooter"
    r"|quick ?exit|emergency banner|recommended|trending) "
)
# What stands under one of these is furniture whatever else the page holds, unless the headline stands there as well.
_SURE = re.compile(r" (?:(?:site|page)? ?footer|cookies?|consent) ")
# What sites put among the paragraphs of a story that is no part of it.
_ASIDE = re.compile(
    r" (?:comments?|comment (?:list|form)|disqus|livefyre|respond|related\w*|recirc\w*|recommend\w*|trending|popular|most (?:read|viewed|shared|discussed)"
    r"|read (?:more|next)|(?:more|recent|latest|other) (?:from|stories|news|articles|posts)|also (?:read|like)"
    r"|authors?|(?:writer|contributor|reporter)s? (?:bio|box|info|container|card|details|profile|about|block)|bio"
    r"|video (?:desc\w*|captions?|controls|transcript|player|meta)"
    r"|by ?line|(?:wp )?captions?|figcaption|credits?|share\w*|sharing|social\w*|addthis|sharethis|tool ?(?:bar|box)|tools|tags|taglist|keywords"
    r"|(?:article|entry|post|story) (?:meta|tools|tags|footer)|newsletter\w*|sign ?up|subscri\w+|promo\w*|advert\w*|ads?|sponsor\w*|outbrain|taboola"
    r"|polls?|ratings?|breadcrumbs?|pagination|pager|teasers?|carousel|copyright|disclaimer|transcript|sidebar|contextual links) "
)
_COMMENTS = re.compile(
    r" (?:comments|comment (?:list|form|area|section)|disqus(?: thread)?|livefyre|respond|commentlist) "
)
_UNSEEN = re.compile(
    r" (?:sr only|visually ?hidden|screen ?reader(?: text| only)?|offscreen|off screen|hide visually|element invisible) "
)


def furniture_by_name(element: _Element) -> bool:
    """Whether an element's class or id suggests that it is page furniture."""
    css, id_ = element.get("class"), element.get("id")
    return _says(css, id_)[0] and not _is_place(element, 0)


def surely_furniture(element: _Element) -> bool:
    css, id_ = element.get("class"), element.get("id")
    return _says(css, id_)[1] and not _is_place(element, 1)


def aside_by_name(element: _Element) -> bool:
    """Whether an element's class or id suggests something put into a story: a caption, an author's box, links to other stories."""
    css, id_ = element.get("class"), element.get("id")
    return _says(css, id_)[2] and not _is_place(element, 2)


def comments_by_name(element: _Element) -> bool:
    """Whether an element's class or id suggests what readers wrote below a story."""
    css, id_ = element.get("class"), element.get("id")
    return _says(css, id_)[3] and not _is_place(element, 3)


def unseen_by_name(element: _Element) -> bool:
    """Whether an element names itself words for screen readers alone."""
    css, id_ = element.get("class"), element.get("id")
    return _says(css, id_)[4] and not _is_place(element, 4)


def _is_place(element: _Element, what: int) -> bool:
    """Whether only an id says it, and the id is a place to link to."""
    css, id_ = element.get("class"), element.get("id")
    return bool(id_) and not _says(css, None)[what] and is_anchor(element, lambda other: _says(None, other)[what])


@lru_cache(maxsize=8192)  # a site's pages have the same few hundred names
def _says(css: str | None, id_: str | None) -> tuple[bool, bool, bool, bool, bool]:
    names = f"{css or ''} {id_ or ''}"
    if not 1 < len(names) < 300:
        return False, False, False, False, False
    words = f" {_NOT_WORD.sub(' ', _CAMEL.sub(' ', names).lower())} "
    furniture = _FURNITURE.search(words) is not None
    return (
        furniture,
        _SURE.search(words) is not None,
        furniture or _ASIDE.search(words) is not None,
        _COMMENTS.search(words) is not None,
        _UNSEEN.search(words) is not None,
    )

"""The RSS and Atom that sites offer. Written by hand: each kind has its own habits, and some are wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.pages.kind import Served
from forcewire.demo.printing import rfc822

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(value: str) -> str:
    """Text safe in XML; what XML cannot hold is left out."""
    return escape(_NOT_XML.sub("", value), quote=True)


def rss(
    articles: Sequence[NewsArticle],
    site: Site,
    *,
    title: str,
    self_path: str,
    link_of: Callable[[NewsArticle], str],
    description_of: Callable[[NewsArticle], str],
    extra_of: Callable[[NewsArticle], str] = lambda article: "",
    guid_of: Callable[[NewsArticle], str] | None = None,
    utc: bool = False,
    language: str = "en",
    channel: str = "",
    content_type: str = "application/rss+xml; charset=utf-8",
) -> Served:
    """An RSS 2.0 document. A story without a time gets no pubDate."""
    items = []
    for article in articles:
        link = xml(link_of(article))
        guid = xml(guid_of(article)) if guid_of else link
        permanent = "false" if guid_of else "true"
        date = f"<pubDate>{rfc822(article.published_at, utc=utc)}</pubDate>" if article.published_at else ""
        items.append(
            f"<item><title>{xml(article.title)}</title><link>{link}</link>"
            f"<description>{xml(description_of(article))}</description>{date}"
            f'<guid isPermaLink="{permanent}">{guid}</guid>{extra_of(article)}</item>'
        )
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>'
        f"<title>{xml(title)}</title><link>{xml(site.url('/'))}</link><description>{xml(title)}</description>"
        f'<language>{language}</language>{channel}<atom:link href="{xml(site.url(self_path))}" rel="self" '
        'type="application/rss+xml"/>\n' + "\n".join(items) + "\n</channel></rss>\n"
    )
    return Served(text.encode(), content_type)

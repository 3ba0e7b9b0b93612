"""What WordPress gives to machines: its feed with the full text, and its interface of posts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.pages.kind import Served, number
from forcewire.demo.pages.shell import text
from forcewire.demo.printing import local, meta_utc
from forcewire.demo.syndication import rss, xml


def feed(articles: Sequence[NewsArticle], site: Site) -> Served:
    """WordPress' usual feed, with the full text."""
    return rss(
        articles,
        site,
        title=site.force,
        self_path="/feed/",
        link_of=lambda article: site.url(article.path),
        guid_of=lambda article: site.url(f"/?p={article.number}"),
        description_of=lambda article: f"<p>{text(article.description)}</p>" if article.description else "",
        extra_of=lambda article: (
            f"<dc:creator>{xml('Corporate Communications')}</dc:creator><category>{xml(article.category)}</category>"
            f"<content:encoded>{xml(article.body_html)}</content:encoded>"
        ),
        utc=True,
        language="en-GB",
    )


def posts(path: str, query: Mapping[str, str], articles: Sequence[NewsArticle], site: Site) -> Served | None:
    """`/wp-json/wp/v2/posts`: `date` is local time without an offset, `date_gmt` UTC without one."""
    if path != "/wp-json/wp/v2/posts":
        return None
    size, page = min(number(query.get("per_page"), 10), 100), number(query.get("page"))
    rows = [
        {
            "id": article.number,
            "date": f"{local(article.published_at):%Y-%m-%dT%H:%M:%S}" if article.published_at else None,
            "date_gmt": f"{meta_utc(article.published_at)[:16]}:00" if article.published_at else None,
            "slug": article.path.rstrip("/").rsplit("/", 1)[-1],
            "link": site.url(article.path),
            "title": {"rendered": text(article.title)},
            "content": {"rendered": article.body_html, "protected": False},
            "excerpt": {"rendered": f"<p>{text(article.description or '')}</p>"},
        }
        for article in articles[(page - 1) * size : page * size]
    ]
    total = (("X-WP-Total", str(len(articles))), ("X-WP-TotalPages", str(-(-len(articles) // size))))
    return Served(json.dumps(rows).encode(), "application/json; charset=UTF-8", total)

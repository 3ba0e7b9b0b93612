"""Mynewsdesk: a hosted pressroom. The key of a story is the number at the end of its address."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.pages.kind import Kind, Served, Wanted
from forcewire.demo.pages.shell import chrome, document, figure, head, lines, picture_url, text
from forcewire.demo.printing import american_with_zone
from forcewire.demo.syndication import rss, xml

DEFAULT_IMAGE = "/assets/pressroom-open-graph.png"
ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /users/\nDisallow: /*/embed\n"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _printed(article: NewsArticle) -> str:
    if article.date_string is not None:
        return article.date_string
    return american_with_zone(article.published_at) if article.published_at else ""


def article_page(article: NewsArticle, site: Site) -> str:
    """The page of one release: the time is its first line, press contacts follow it."""
    printed = _printed(article)
    date = f'<div class="release-meta"><span class="release-type">{text(article.category)}</span> • <time>{text(printed)}</time></div>'
    related = "".join(
        f'<li class="panel"><a class="panel-link" href="{text(other.path)}"><h3>{text(other.title)}</h3></a><p>{text(other.date)}</p></li>'
        for other in article.related
    )
    image = ""
    if article.image:
        image = f'<div class="release-image">{figure(article.image, site, "image")}<a class="download" href="/images/{article.number}">Download</a></div>'
    main = f"""<article class="release" data-id="{article.number}">
<header class="release-head"><h1>{text(article.title)}</h1>
{lines(article.kickers, "release-kicker")}
{date if printed else ""}</header>
{image}
<div class="release-body">
{article.body_html}
{lines(article.tail, "release-line")}
</div>
<h2 class="topics-title">Topics</h2><ul class="topics"><li><a href="/tags/crime-law">Crime, law</a></li></ul>
</article>
<section class="contacts"><h2>Contacts</h2><h3>Press Bureau</h3><p>Media enquiries only - the Press Bureau cannot take reports of crime or pass messages to officers.</p><p>0900 000 0000</p></section>
<section class="related" id="related"><h2>Related content</h2><ul>{related}</ul><a class="more" href="/latest_news">Show more</a></section>"""
    short = article.title if len(article.title) <= 68 else article.title[:65].rstrip() + "..."
    meta = {
        "description": article.description,
        "og:site_name": "Mynewsdesk",
        "og:type": "article",
        "og:title": article.title,
        "og:description": article.description,
        "og:image": picture_url(article, site, DEFAULT_IMAGE),
        "og:url": site.url(article.path),
        "fb:app_id": "100200300400500",
        "pressroom:name": site.force,
        "twitter:card": "summary_large_image",
    }
    canonical = f'<link rel="canonical" href="{text(site.url(article.path))}">'
    return _page(site, head(article, site, title=short + site.title_suffix, meta=meta, extra=canonical), main)


def listing_page(view: ListingView, site: Site) -> str:
    """A list of releases; what follows is asked for with the cursor of the last one."""
    items = "".join(
        f'<li class="stream-item"><a class="stream-link" href="{text(card.path)}"><img src="{text(card.image.src if card.image else DEFAULT_IMAGE)}" alt="">'
        f'<h2 class="stream-title">{text(card.title)}</h2></a><p class="stream-meta">{text(card.category)} • {text(_printed(card))}</p>'
        f'<p class="stream-intro">{text(card.description or "")}</p></li>\n'
        for card in view.cards
    )
    more = ""
    if view.has_next:
        more = f'<a class="button stream-more" rel="next" href="/latest_news?after={view.cursor or view.page + 1}">Show more</a>'
    main = f'<h1>Latest news</h1><ul class="stream">{items}</ul><div class="stream-foot">{more}</div>'
    meta: dict[str, str | None] = {"og:site_name": "Mynewsdesk", "pressroom:name": site.force}
    return _page(
        site, head(None, site, title="Latest news" + site.title_suffix, meta=meta, extra=_feed_link(site)), main
    )


def cursor_of(article: NewsArticle) -> str:
    """`{epoch ms}_{id}--News` of the last release on a page."""
    moment = article.published_at or _EPOCH
    return f"{int((moment - _EPOCH).total_seconds() * 1000)}_{article.number}--News"


def _feed_link(site: Site) -> str:
    return '<link rel="alternate" type="application/rss+xml" title="News" href="/rss/current_news/66871">'


def _page(site: Site, head_html: str, main: str) -> str:
    banner = ""
    if site.banner:
        banner = f'<div class="alert-bar"><strong>{text(site.banner.title)}</strong> <span>{text(site.banner.text)}</span></div>'
    others = "".join(f'<li><a href="{text(other.path)}">{text(other.title)}</a></li>' for other in site.headlines)
    body = chrome("mynewsdesk", site, banner=banner, main=main, others=others)
    return document(site, head_html, body, language="en")


def _feed(articles: Sequence[NewsArticle], site: Site, name: str, path: str, language: str) -> Served:
    tracked = f"?utm_campaign={name}&utm_medium=rss&utm_source=rss"
    return rss(
        [article.changed(title=article.title + " " * (article.number % 2)) for article in articles],
        site,
        title=f"{site.force}: {name}",
        self_path=path,
        link_of=lambda article: site.url(article.path) + tracked,
        description_of=lambda article: article.description or "",
        extra_of=lambda article: (
            f'<enclosure url="{xml(picture_url(article, site, DEFAULT_IMAGE))}" length="0" type="image/jpeg"/>'
            f"<dc:creator>{xml(site.force)}</dc:creator>"
        ),
        language=language,
        channel="<ttl>15</ttl>",
    )


def current_news(articles: Sequence[NewsArticle], site: Site) -> Served:
    """All types, no full text, tracking parameters on every link."""
    return _feed(articles, site, "current_news", "/rss/current_news/66871", "en")


def news_by_type(articles: Sequence[NewsArticle], site: Site) -> Served:
    """The feed per type says that it is Swedish, although the text is English."""
    return _feed(articles, site, "news", "/rss/source/60923/news", "sv")


def article_path(slug: str, published: datetime, index: int, site: Site) -> str:
    return f"/news/{slug}-{422100 + index}"


def wanted(path: str, query: Mapping[str, str], site: Site) -> Wanted | None:
    """`/latest_news`, from the start or after a cursor; the numbered pages of old as well."""
    if found := re.fullmatch(r"/latest_news/page/(\d+)", path):
        return Wanted(int(found[1]))
    if path != "/latest_news":
        return None
    after = query.get("after")
    return Wanted(int(after)) if after and after.isdigit() else Wanted(cursor=after)


KIND = Kind(
    name="mynewsdesk",
    reader="mynewsdesk",
    article=article_page,
    listing=listing_page,
    wanted=wanted,
    article_path=article_path,
    entry_listings=lambda site: [("html", "/latest_news"), ("rss", "/rss/current_news/66871")],
    robots=ROBOTS,
    cursor_of=cursor_of,
    feeds={"/rss/current_news/66871": current_news, "/rss/source/60923/news": news_by_type},
)

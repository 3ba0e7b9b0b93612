"""WordPress as one force has it: 'Posted at 09:48 on 12th August 2020', UTC in the meta, a reference of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.pages.kind import Kind, Wanted, number
from forcewire.demo.pages.shell import chrome, document, figure, head, lines, picture_url, text
from forcewire.demo.pages.wordpress_data import feed, posts
from forcewire.demo.printing import local, meta_utc, posted_at

DEFAULT_IMAGE = "/wp-content/themes/force/images/default-share.jpg"
ROBOTS = "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: /wp-sitemap.xml\n"
_TAIL = (
    "You can contact the independent charity Crimestoppers 100 per cent anonymously on 0800 555 111 or through their online form.",
    "No personal details are taken, information cannot be traced or recorded and you will not go to court or have to speak to police when contacting Crimestoppers.",
)


def _printed(article: NewsArticle) -> str:
    if article.date_string is not None:
        return article.date_string
    return posted_at(article.published_at) if article.published_at else ""


def article_page(article: NewsArticle, site: Site) -> str:
    """The page of one story: date, related updates, text, reference, contact tail."""
    printed = _printed(article)
    count = len(article.related)
    related = ""
    if count:
        wording = (
            "There is 1 related update to this story"
            if count == 1
            else f"There are {count} related updates to this story"
        )
        items = "".join(
            f'<li><a href="{text(other.path)}">{text(other.title)}</a> <span class="related-updates__date">{text(other.date)}</span></li>'
            for other in article.related
        )
        related = f'<div class="related-updates"><p class="related-updates__count">{wording}</p><ul>{items}</ul></div>'
    reference = ""
    if article.reference:
        reference = (
            '<div class="incident-reference"><p>If you can help, please call 101 and give the call handler the reference number '
            f'<strong> {text(article.reference)} </strong></p></div>\n<div class="contact-tail">{lines(_TAIL, "contact-tail__line")}</div>'
        )
    main = f"""<article id="post-{article.number}" class="post type-post hentry category-news">
<header class="entry-header"><h1 class="entry-title">{text(article.title)}</h1>
{lines(article.kickers, "entry-kicker")}
<p class="entry-date">{text(printed)}</p></header>
{related}
{figure(article.image, site, "wp-block-image")}
<div class="entry-content">
{article.body_html}
{lines(article.tail, "entry-line")}
</div>
{reference}
</article>"""
    published = meta_utc(article.published_at) if article.published_at else None
    modified = meta_utc(article.modified_at) if article.modified_at else published
    title = article.title + site.title_suffix
    meta = {
        "description": article.description,
        "og:locale": "en_GB",
        "og:type": "article",
        "og:title": title,
        "og:description": article.description,
        "og:url": site.url(article.path),
        "og:site_name": site.force,
        "article:published_time": published,
        "article:modified_time": modified,
        "og:updated_time": modified,
        "og:image": picture_url(article, site, DEFAULT_IMAGE),
        "position": "2",
    }
    extra = f'<link rel="canonical" href="{text(site.url(article.path))}">\n<meta name="generator" content="WordPress 6.8.2">\n{_breadcrumb(article, site)}'
    crumb = f'<a href="/">Home</a> » <a href="/news/">News</a> » <span>{text(article.title)}</span>'
    return _page(site, head(article, site, title=title, meta=meta, extra=extra), main, crumb)


def _breadcrumb(article: NewsArticle, site: Site) -> str:
    names = [("Home", "/"), ("News", "/news/"), (article.title, article.path)]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": site.url(path)}
        for place, (name, path) in enumerate(names, 1)
    ]
    data = json.dumps({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})
    return f'<script type="application/ld+json">{data.replace("<", chr(92) + "u003c")}</script>'


def listing_page(view: ListingView, site: Site) -> str:
    """A page of stories, with numbered pages below."""
    items = "".join(
        f'<div class="news-item"><h2 class="news-item__title"><a href="{text(card.path)}">{text(card.title)}</a></h2>'
        f'<p class="news-item__date">{text(_printed(card))}</p><p class="news-item__excerpt">{text(card.description or "")}</p>'
        f'<a class="news-item__more" href="{text(card.path)}">Read more<span class="screen-reader-text"> about {text(card.title)}</span></a></div>\n'
        for card in view.cards
    )
    numbers = [page for page in range(1, view.pages + 1) if page < 3 or abs(page - view.page) < 2 or page == view.pages]
    pager = "".join(
        f'<span class="page-numbers current">{page}</span>'
        if page == view.page
        else f'<a class="page-numbers" href="/news/{f"page/{page}/" if page > 1 else ""}">{page}</a>'
        for page in numbers
    )
    if view.has_next:
        pager += f'<a class="next page-numbers" href="/news/page/{view.page + 1}/">Next »</a>'
    main = f'<h1>News</h1><div class="news-list">{items}</div><nav class="navigation pagination"><h2 class="screen-reader-text">Posts navigation</h2><div class="nav-links">{pager}</div></nav>'
    extra = f'<link rel="alternate" type="application/rss+xml" title="{text(site.force)} » Feed" href="/feed/">'
    meta: dict[str, str | None] = {"og:type": "website", "og:site_name": site.force}
    return _page(
        site,
        head(None, site, title="News" + site.title_suffix, meta=meta, extra=extra),
        main,
        '<a href="/">Home</a> » News',
    )


def _page(site: Site, head_html: str, main: str, crumb: str) -> str:
    banner = ""
    if site.banner:
        banner = f'<div class="site-notice"><h2>{text(site.banner.title)}</h2><p>{text(site.banner.text)}</p></div>'
    others = "".join(
        f'<li><a href="{text(other.path)}">{text(other.title)}</a> <span>{text(other.date)}</span></li>'
        for other in site.headlines
    )
    body = chrome("wordpress", site, banner=banner, main=main, others=others, crumb=crumb)
    return document(site, head_html, body)


def article_path(slug: str, published: datetime, index: int, site: Site) -> str:
    return f"/news/{local(published):%Y/%m}/{slug}/"


def wanted(path: str, query: Mapping[str, str], site: Site) -> Wanted | None:
    """`/news/` and `/news/page/{n}/`."""
    found = re.fullmatch(r"/news/(?:page/(\d+)/)?", path)
    return Wanted(number(found[1])) if found else None


KIND = Kind(
    name="wordpress",
    reader="wordpress",
    article=article_page,
    listing=listing_page,
    wanted=wanted,
    article_path=article_path,
    entry_listings=lambda site: [("html", "/news/"), ("rss", "/feed/")],
    robots=ROBOTS,
    feeds={"/feed/": feed},
    other=posts,
)

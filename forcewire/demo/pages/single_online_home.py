"""Single Online Home: the build that most forces share. Invented markup around the known order of its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.furniture import icon_sprite, menu_links
from forcewire.demo.pages.kind import Kind, Served, Wanted, number
from forcewire.demo.pages.shell import chrome, document, figure, head, lines, picture_url, text
from forcewire.demo.printing import MONTHS, local, time_and_date
from forcewire.demo.syndication import rss

DEFAULT_IMAGE = "/SysSiteAssets/media/images/brand/shared/soh-default-og-image.png"
ROBOTS = (
    "user-agent: *\r\nDisallow: /*/mediacentre\r\nDisallow: /*/?u=media\r\nDisallow: /*/GetPdf/?\r\n"
    "Disallow: /*/GetPaginatedResults/?\r\nDisallow: /*.aspx$\r\nDisallow: /500.html\r\nDisallow: /api/*\r\n"
    "Sitemap: /sitemap.xml"
)


def _date(article: NewsArticle, site: Site) -> str:
    printed = article.date_string
    if printed is None:
        printed = site.date_label + time_and_date(article.published_at) if article.published_at else ""
    return f'<p class="c-news-article_date">{text(printed)}</p>' if printed else ""


def article_page(article: NewsArticle, site: Site) -> str:
    """The page of one story: category words, date line, flag, body."""
    flag = f'<p class="c-news-article_flag">{text(article.flag)}</p>' if article.flag else ""
    image = figure(article.image, site, "c-image") if article.image else ""
    related = "".join(
        f'<li class="c-related_item"><h3><a href="{text(other.path)}">{text(other.title)}</a></h3><p>{text(other.date)}</p></li>'
        for other in article.related
    )
    related = f'<aside class="c-related"><h2>Related news</h2><ul>{related}</ul></aside>' if related else ""
    main = f"""<h2 class="u-visually-hidden">Main article content</h2>
<article class="c-news-article">
<h1 class="c-news-article_title">{text(article.title)}</h1>
<div class="c-news-article_meta">{lines(article.kickers, "c-news-article_category")}
{_date(article, site)}
{flag}</div>
{image}
<div class="c-rich-text">
{article.body_html}
{lines(article.tail, "c-rich-text_line")}
</div>
</article>
{related}"""
    meta = {
        "description": article.description,
        "og:type": "website",
        "og:title": article.title,
        "og:description": article.description,
        "og:url": site.url(article.path),
        "og:image": picture_url(article, site, DEFAULT_IMAGE),
        "og:locale": "en_GB",
        "twitter:card": "summary_large_image",
    }
    return _page(site, head(article, site, title=article.title + site.title_suffix, meta=meta), main)


def listing_page(view: ListingView, site: Site) -> str:
    """A page of cards; the first link of a card wraps only its picture."""
    cards = "".join(
        f'<li class="c-card"><a class="c-card_image" href="{text(card.path)}" tabindex="-1" aria-hidden="true">'
        f'<img src="{text(card.image.src if card.image else DEFAULT_IMAGE)}" alt=""></a>'
        f'<h3 class="c-card_title"><a href="{text(card.path)}">{text(card.title)}</a></h3>'
        f'<p class="c-card_summary">{text(card.description or "")}</p>{_card_date(card)}</li>\n'
        for card in view.cards
    )
    found = f'<ul class="c-cards">{cards}</ul>' if cards else "<p>Sorry, we could not find any news.</p>"
    query = "?ct=&amp;q=&amp;fdte=&amp;tdte=&amp;page="
    pager = "".join(
        f'<li><a class="c-pager_link" href="{query}{page}" aria-label="Page {page}">{page}</a></li>'
        for page in range(1, min(view.pages, 9) + 1)
    )
    if view.has_next:
        pager += f'<li><a class="c-pager_link" rel="next" href="{query}{view.page + 1}">Next page</a></li>'
    main = f"""<h1>News</h1>
<form action="/news/news-search/" data-more="/news/news-search/GetPaginatedResults/?page={view.page + 1}">
<label for="q">Search news</label><input id="q" name="q"><button>Search</button></form>
{found}
<nav aria-label="Pagination"><ul class="c-pager">{pager}</ul></nav>"""
    meta: dict[str, str | None] = {"og:type": "website", "og:title": "News", "og:locale": "en_GB"}
    return _page(site, head(None, site, title="News" + site.title_suffix, meta=meta), main)


def _card_date(card: NewsArticle) -> str:
    printed = time_and_date(card.published_at) if card.published_at else card.date_string
    return f'<p class="c-card_date">Published: {text(printed)}</p>' if printed else ""


def _page(site: Site, head_html: str, main: str) -> str:
    banner = ""
    if site.banner:
        banner = (
            '<div class="c-emergency-banner" role="region" aria-label="Emergency banner"><h2>'
            f"{text(site.banner.title)}</h2><p>{text(site.banner.text)}</p></div>"
        )
    others = "".join(f'<li><a href="{text(other.path)}">{text(other.title)}</a></li>' for other in site.headlines)
    body = chrome(
        "single_online_home",
        site,
        banner=banner,
        main=main,
        others=others,
        icons=icon_sprite(),
        menu=menu_links("c-nav_item"),
        rendered_at=f"{site.rendered_at:%d/%m/%Y %H:%M:%S}",
    )
    return document(site, head_html, body, attributes=' class="no-js"')


def feed(articles: Sequence[NewsArticle], site: Site) -> Served:
    """`GetNewsRss`: the newest stories; a description may hold HTML."""
    return rss(
        articles,
        site,
        title=f"{site.force} news",
        self_path=f"/news/{site.slug}/news/GetNewsRss/",
        link_of=lambda article: site.url(article.path),
        description_of=lambda article: f"<p>{text(article.description)}</p>" if article.description else "",
        utc=True,
        content_type="text/xml; charset=utf-8",
    )


def article_path(slug: str, published: datetime, index: int, site: Site) -> str:
    """`/news/{area}/news/[{category}/]{yyyy}/{month}/{slug}/`: folders are made by hand and now and then forgotten."""
    at = local(published)
    folder = ("news/", "", "appeals/")[index % 3]
    dated = f"{at.year}/{MONTHS[at.month - 1].lower()}/" if index % 11 else ""
    return f"/news/{site.slug}/news/{folder}{dated}{slug}/"


def wanted(path: str, query: Mapping[str, str], site: Site) -> Wanted | None:
    """The listing below the area's root, and the search."""
    if path in (f"/news/{site.slug}/news/", "/news/news-search/"):
        return Wanted(number(query.get("page")))
    return None


KIND = Kind(
    name="single_online_home",
    reader="single_online_home",
    article=article_page,
    listing=listing_page,
    wanted=wanted,
    article_path=article_path,
    entry_listings=lambda site: [
        ("html", f"/news/{site.slug}/news/"),
        ("rss", f"/news/{site.slug}/news/GetNewsRss/"),
    ],
    robots=ROBOTS,
    feeds={"/news/{slug}/news/GetNewsRss/": feed},
)

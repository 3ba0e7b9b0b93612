"""A newsroom of the force's own making: old-fashioned markup, 'Posted on 13:29:00 on 13th November 2019', no feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.pages.kind import Kind, Wanted, number
from forcewire.demo.pages.shell import chrome, document, head, lines, text
from forcewire.demo.printing import posted_on

DEFAULT_IMAGE = "/SiteElements/Images/Facebook-logo.png"
ROBOTS = "User-agent: *\nDisallow: /SiteElements/\nDisallow: /Search.aspx\n"


def _printed(article: NewsArticle) -> str:
    if article.date_string is not None:
        return article.date_string
    return posted_on(article.published_at) if article.published_at else ""


def article_page(article: NewsArticle, site: Site) -> str:
    """The page of one story: the posting line comes first."""
    image = ""
    if article.image:
        caption = f'<br /><em class="caption">{text(article.image.caption)}</em>' if article.image.caption else ""
        image = f'<div class="newsImage"><img src="{text(article.image.src)}" alt="{text(article.image.alt)}" />{caption}</div>'
    related = "".join(
        f'<li><a href="{text(other.path)}">{text(other.title)}</a> - {text(other.date)}</li>'
        for other in article.related
    )
    related = f'<div class="relatedNews"><h3>Related stories</h3><ul>{related}</ul></div>' if related else ""
    main = f"""<div class="newsArticle"><h1>{text(article.title)}</h1>
{lines(article.kickers, "kicker")}
<div class="newsPosted"><p>{text(_printed(article))}</p></div>
{image}
<div class="newsContent">
{article.body_html}
{lines(article.tail, "newsLine")}
</div>
</div>
{related}
<p class="backLink"><a href="/news">Back to news</a></p>"""
    meta = {
        "og:type": "Article",
        "og:title": article.title.split("'")[0].rstrip(),
        "og:image": site.url(article.image.src if article.image else DEFAULT_IMAGE),
        "og:url": site.url(article.path),
        "og:site_name": site.force,
        "description": article.description,
    }
    return _page(site, head(article, site, title=article.title + site.title_suffix, meta=meta), main)


def listing_page(view: ListingView, site: Site) -> str:
    """A table of stories, with older and newer ones behind links."""
    rows = "".join(
        f'<tr><td class="thumb"><a href="{text(card.path)}"><img src="{text(card.image.src if card.image else DEFAULT_IMAGE)}" alt="" /></a></td>'
        f'<td><a class="newsTitle" href="{text(card.path)}">{text(card.title)}</a><br /><span class="date">{text(_printed(card))}</span>'
        f'<p>{text(card.description or "")} <a href="{text(card.path)}">Read more &gt;&gt;</a></p></td></tr>\n'
        for card in view.cards
    )
    pager = f'<a href="/news?page={view.page - 1}">&lt; Newer</a> ' if view.page > 1 else ""
    pager += f"Page {view.page} of {view.pages}"
    if view.has_next:
        pager += f' <a href="/news?page={view.page + 1}">Next &gt;</a>'
    main = f'<h1>Latest News</h1><table class="newsList" role="presentation">{rows}</table><div class="pager">{pager}</div>'
    return _page(
        site, head(None, site, title="Latest News" + site.title_suffix, meta={"og:site_name": site.force}), main
    )


def _page(site: Site, head_html: str, main: str) -> str:
    banner = ""
    if site.banner:
        banner = (
            f'<div id="importantNotice"><strong>{text(site.banner.title)}</strong><p>{text(site.banner.text)}</p></div>'
        )
    others = "".join(
        f'<li><a href="{text(other.path)}">{text(other.title)}</a><br />{text(other.date)}</li>'
        for other in site.headlines
    )
    body = chrome("own_newsroom", site, banner=banner, main=main, others=others)
    return document(site, head_html, body, language="en")


def article_path(slug: str, published: datetime, index: int, site: Site) -> str:
    return f"/news/{slug}"


def wanted(path: str, query: Mapping[str, str], site: Site) -> Wanted | None:
    """`/news` and `/news?page={n}`."""
    return Wanted(number(query.get("page"))) if path in ("/news", "/news/") else None


KIND = Kind(
    name="own_newsroom",
    reader="generic",
    article=article_page,
    listing=listing_page,
    wanted=wanted,
    article_path=article_path,
    entry_listings=lambda site: [("html", "/news")],
    robots=ROBOTS,
)

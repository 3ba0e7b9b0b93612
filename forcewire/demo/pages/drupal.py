"""Drupal as one force has it: the date is typed by hand into the first line of the text, in many shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.pages.kind import Kind, Served, Wanted, number
from forcewire.demo.pages.shell import chrome, document, figure, head, lines, text
from forcewire.demo.printing import typed_by_hand
from forcewire.demo.syndication import rss

ROBOTS = (
    "User-agent: *\n# CSS, JS, Images\nAllow: /core/*.css$\nAllow: /core/*.js$\n# Directories\nDisallow: /core/\n"
    "Disallow: /profiles/\n# Paths (clean URLs)\nDisallow: /admin/\nDisallow: /search/\nDisallow: /user/login\n"
)


def date_line(article: NewsArticle) -> str:
    """The first paragraph; asterisks around the date mean bold type."""
    printed = article.date_string
    if printed is None:
        printed = typed_by_hand(article.published_at, article.number) if article.published_at else ""
    if not printed:
        return ""
    if printed.startswith("**") and printed.endswith("**"):
        return f"<p><strong>{text(printed.strip('*'))}</strong></p>\n"
    return f"<p>{text(printed)}</p>\n"


def article_page(article: NewsArticle, site: Site) -> str:
    """The page of one node: the head says nothing about time."""
    image = figure(article.image, site, "media--type-image") if article.image else ""
    related = "".join(
        f'<div class="views-row"><span class="field-content"><a href="{text(other.path)}" hreflang="en">{text(other.title)}</a></span></div>'
        for other in article.related
    )
    related = (
        f'<div class="block block-views block-related"><h2>Related news</h2><div class="view-content">{related}</div></div>'
        if related
        else ""
    )
    main = f"""<div data-drupal-messages-fallback class="hidden"></div>
<div id="block-page-title" class="block"><h1 class="page-header"><span property="schema:name" class="field field--name-title field--type-string field--label-hidden">{text(article.title)}</span></h1></div>
<article data-history-node-id="{article.number}" about="{text(article.path)}" class="node node--type-news node--view-mode-full clearfix">
{lines(article.kickers, "field field--name-field-category")}
<div class="node__content clearfix">{image}
<div class="clearfix text-formatted field field--name-body field--type-text-with-summary field--label-hidden field__item">
{date_line(article)}{article.body_html}
{lines(article.tail, "body-line")}
</div></div>
</article>
{related}"""
    meta: dict[str, str | None] = {"Generator": "Drupal 10 (https://www.drupal.org)", "MobileOptimized": "width"}
    extra = f'<link rel="canonical" href="{text(site.url(article.path))}">\n<link rel="shortlink" href="{site.url(f"/node/{article.number}")}">'
    return _page(site, head(article, site, title=article.title + site.title_suffix, meta=meta, extra=extra), main)


def listing_page(view: ListingView, site: Site) -> str:
    """A view of nodes; its pages count from nought."""
    rows = "".join(
        f'<div class="views-row"><div class="views-field views-field-title"><h3 class="field-content"><a href="{text(card.path)}" hreflang="en">{text(card.title)}</a></h3></div>'
        f'<div class="views-field views-field-body"><div class="field-content">{text(card.description or "")}</div></div></div>\n'
        for card in view.cards
    )
    pager = "".join(
        f'<li class="pager__item{" is-active" if page + 1 == view.page else ""}"><a href="?page={page}" title="Go to page {page + 1}"><span class="visually-hidden">Page </span>{page + 1}</a></li>'
        for page in range(min(view.pages, 9))
    )
    if view.has_next:
        pager += f'<li class="pager__item pager__item--next"><a href="?page={view.page}" title="Go to next page" rel="next"><span class="visually-hidden">Next page</span><span aria-hidden="true">››</span></a></li>'
    main = f"""<h1 class="page-header">News and appeals</h1><div class="views-element-container"><div class="view view-news"><div class="view-content">{rows}</div>
<nav class="pager" role="navigation" aria-labelledby="pagination-heading"><h4 id="pagination-heading" class="visually-hidden">Pagination</h4><ul class="pager__items">{pager}</ul></nav></div></div>"""
    return _page(
        site, head(None, site, title="News and appeals" + site.title_suffix, meta={"Generator": "Drupal 10"}), main
    )


def _page(site: Site, head_html: str, main: str) -> str:
    banner = ""
    if site.banner:
        banner = f'<div class="block block-alert" role="alert"><h2>{text(site.banner.title)}</h2><p>{text(site.banner.text)}</p></div>'
    others = "".join(f'<li><a href="{text(other.path)}">{text(other.title)}</a></li>' for other in site.headlines)
    body = chrome("drupal", site, banner=banner, main=main, others=others)
    return document(site, head_html, body, language="en", attributes=' dir="ltr" prefix="og: https://ogp.me/ns#"')


def feed(articles: Sequence[NewsArticle], site: Site) -> Served:
    """`/rss.xml`: ten items whose description is the whole text, date line and all."""
    return rss(
        articles[:10] if site.feed_items == 20 else articles,
        site,
        title=site.force,
        self_path="/rss.xml",
        link_of=lambda article: site.url(article.path),
        guid_of=lambda article: f"{article.number} at {site.base_url}",
        description_of=lambda article: f'<div class="field--name-body">{date_line(article)}{article.body_html}</div>',
        extra_of=lambda article: "<dc:creator>Corporate Communications</dc:creator>",
        utc=True,
    )


def article_path(slug: str, published: datetime, index: int, site: Site) -> str:
    return f"/news-appeals/{slug}"


def wanted(path: str, query: Mapping[str, str], site: Site) -> Wanted | None:
    """`/news-appeals`, from page 0."""
    return Wanted(number(query.get("page"), 0) + 1) if path == "/news-appeals" else None


KIND = Kind(
    name="drupal",
    reader="drupal",
    article=article_page,
    listing=listing_page,
    wanted=wanted,
    article_path=article_path,
    entry_listings=lambda site: [("html", "/news-appeals"), ("rss", "/rss.xml")],
    robots=ROBOTS,
    feeds={"/rss.xml": feed},
)

"""GOV.UK: one news page, its organisation's listing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.pages.govuk_data import DEFAULT_IMAGE, SEARCH, api, atom, content_id, iso
from forcewire.demo.pages.kind import Kind, Wanted, number
from forcewire.demo.pages.shell import chrome, document, head, lines, picture_url, text
from forcewire.demo.printing import plain

ROBOTS = "User-agent: *\nDisallow: /*/print$\nDisallow: /search/all*\nDisallow: /info/*\n"


def article_page(article: NewsArticle, site: Site) -> str:
    """The page of one item: organisations and dates above the text, updates below."""
    printed = article.date_string
    if printed is None:
        printed = plain(article.published_at) if article.published_at else ""
    updated = plain(article.modified_at) if article.modified_at else ""
    rows = [
        ("From:", f'<a class="govuk-link" href="/government/organisations/{site.slug}">{text(site.organisations)}</a>')
    ]
    if printed:
        rows.append(("Published", text(printed)))
    if updated:
        rows.append(
            (
                "Last updated",
                f'{text(updated)} — <a class="govuk-link" href="#full-publication-update-history">See all updates</a>',
            )
        )
    metadata = "".join(
        f'<dt class="gem-c-metadata__term">{term}</dt><dd class="gem-c-metadata__definition">{value}</dd>'
        for term, value in rows
    )
    image = ""
    if article.image:
        image = f'<img class="gem-c-figure__image" src="{text(article.image.src)}" alt="{text(article.image.alt)}">'
        if article.image.caption:
            image += f'<figcaption class="gem-c-figure__figcaption"><p class="gem-c-figure__figcaption-text">{text(article.image.caption)}</p></figcaption>'
        image = f'<figure class="gem-c-figure">{image}</figure>'
    history = ""
    if updated:
        history = f"""<div class="gem-c-published-dates" id="full-publication-update-history"><h2 class="govuk-heading-s">Updates to this page</h2>
<p>Published {text(printed)}<br>Last updated {text(updated)} <a href="#full-history">+ show all updates</a></p>
<ol class="gem-c-published-dates__list"><li><time datetime="{iso(article.modified_at)}">{text(updated)}</time> <p>Text amended.</p></li><li><time datetime="{iso(article.published_at)}">{text(printed)}</time> <p>First published.</p></li></ol></div>"""
    elif printed:
        history = f'<div class="gem-c-published-dates"><h2 class="govuk-heading-s">Updates to this page</h2><p>Published {text(printed)}</p></div>'
    main = f"""<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<span class="govuk-caption-xl gem-c-heading__context">News story</span><h1 class="gem-c-heading__text govuk-heading-xl">{text(article.title)}</h1>
<p class="gem-c-lead-paragraph">{text(article.description or "")}</p></div></div>
<div class="gem-c-metadata"><dl class="gem-c-metadata__list">{metadata}</dl></div>
{lines(article.kickers, "govuk-body-s")}
<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{image}
<div class="gem-c-govspeak govuk-govspeak"><div class="govspeak">
{article.body_html}
{lines(article.tail, "govuk-body")}
</div></div>
<div class="gem-c-share-links"><h2 class="gem-c-share-links__title">Share this page</h2><ul><li>The following links open in a new tab</li><li><a href="https://www.example.org/share?to=facebook">Share on Facebook <span>(opens in new tab)</span></a></li><li><a href="https://www.example.org/share?to=x">Share on Twitter <span>(opens in new tab)</span></a></li></ul></div>
{history}<div class="gem-c-print-link"><button>Print this page</button></div></div>
<div class="govuk-grid-column-one-third">{_related(article)}</div></div>"""
    published, modified = iso(article.published_at), iso(article.modified_at or article.published_at)
    meta = {
        "description": article.description,
        "govuk:publishing-app": "whitehall",
        "govuk:rendering-app": "frontend",
        "govuk:schema-name": "news_article",
        "govuk:content-id": content_id(article),
        "govuk:first-published-at": published,
        "govuk:updated-at": modified,
        "govuk:public-updated-at": modified,
        "og:site_name": "GOV.UK",
        "og:type": "article",
        "og:url": site.url(article.path),
        "og:title": article.title,
        "og:description": article.description,
        "og:image": picture_url(article, site, DEFAULT_IMAGE),
        "twitter:card": "summary",
    }
    extra = f'<link rel="canonical" href="{text(site.url(article.path))}">'
    if published:
        extra += _json_ld(article, site, published, modified)
    return _page(site, head(article, site, title=article.title + site.title_suffix, meta=meta, extra=extra), main)


def _json_ld(article: NewsArticle, site: Site, published: str, modified: str | None) -> str:
    data = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": site.url(article.path)},
        "headline": article.title,
        "datePublished": published,
        "dateModified": modified,
        "description": article.description,
        "publisher": {"@type": "Organization", "name": "GOV.UK", "url": site.url("/")},
        "author": {"@type": "Organization", "name": site.force},
        "image": [picture_url(article, site, DEFAULT_IMAGE)],
    }
    return f'\n<script type="application/ld+json">{json.dumps(data).replace("<", chr(92) + "u003c")}</script>'


def _related(article: NewsArticle) -> str:
    items = "".join(
        f'<li><a class="govuk-link" href="{text(other.path)}">{text(other.title)}</a></li>' for other in article.related
    )
    return f'<div class="gem-c-related-navigation"><h2>Related content</h2><ul>{items}</ul></div>' if items else ""


def listing_page(view: ListingView, site: Site) -> str:
    """The finder: titles, summaries, type, organisation and date of update."""
    items = "".join(
        f'<li class="gem-c-document-list__item"><div class="gem-c-document-list__item-title"><a class="govuk-link" href="{text(card.path)}">{text(card.title)}</a></div>'
        f'<p class="gem-c-document-list__item-description">{text(card.description or "")}</p><ul class="gem-c-document-list__item-metadata">'
        f"<li>Document type: News story</li><li>Organisation: {text(site.force)}</li><li>Updated: {_updated(card)}</li></ul></li>\n"
        for card in view.cards
    )
    query = f"?organisations%5B%5D={site.slug}&amp;page="
    pager = ""
    if view.page > 1:
        pager += f'<a class="govuk-pagination__link" rel="prev" href="{SEARCH}{query}{view.page - 1}">Previous page : {view.page - 1} of {view.pages}</a>'
    if view.has_next:
        pager += f'<a class="govuk-pagination__link" rel="next" href="{SEARCH}{query}{view.page + 1}">Next page : {view.page + 1} of {view.pages}</a>'
    main = f"""<h1 class="govuk-heading-xl">News and communications</h1><form class="facets"><label for="k">Search</label><input id="k" name="keywords"><button>Update results</button></form>
<div class="finder-results js-finder-results"><ul class="gem-c-document-list">{items}</ul></div><nav class="govuk-pagination" aria-label="Pagination">{pager}</nav>
<a class="gem-c-subscription-links__link" href="{SEARCH}.atom?organisations%5B%5D={site.slug}">Subscribe to feed</a>"""
    extra = f'<link rel="alternate" type="application/atom+xml" href="{SEARCH}.atom?organisations%5B%5D={site.slug}">'
    return _page(
        site,
        head(None, site, title="News and communications - GOV.UK", meta={"og:site_name": "GOV.UK"}, extra=extra),
        main,
    )


def _updated(card: NewsArticle) -> str:
    moment = card.modified_at or card.published_at
    return f'<time datetime="{moment:%Y-%m-%d}">{plain(moment)}</time>' if moment else text(card.date_string or "")


def _page(site: Site, head_html: str, main: str) -> str:
    banner = ""
    if site.banner:
        banner = f'<div class="gem-c-emergency-banner" role="region"><h2 class="gem-c-emergency-banner__heading">{text(site.banner.title)}</h2><p class="gem-c-emergency-banner__description">{text(site.banner.text)}</p></div>'
    others = "".join(f'<li><a href="{text(other.path)}">{text(other.title)}</a></li>' for other in site.headlines)
    body = chrome("govuk", site, banner=banner, main=main, others=others)
    return document(site, head_html, body, language="en", attributes=' class="govuk-template"')


def article_path(slug: str, published: datetime, index: int, site: Site) -> str:
    return f"/government/news/{slug}"


def wanted(path: str, query: Mapping[str, str], site: Site) -> Wanted | None:
    """The organisation's finder."""
    return Wanted(number(query.get("page"))) if path == SEARCH else None


KIND = Kind(
    name="govuk",
    reader="govuk",
    article=article_page,
    listing=listing_page,
    wanted=wanted,
    article_path=article_path,
    entry_listings=lambda site: [
        ("atom", f"{SEARCH}.atom?organisations%5B%5D={site.slug}"),
        ("html", f"{SEARCH}?organisations%5B%5D={site.slug}"),
    ],
    robots=ROBOTS,
    feeds={SEARCH + ".atom": atom},
    other=api,
)

"""What GOV.UK gives to machines: the finder's Atom and the content API."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.pages.kind import Served
from forcewire.demo.pages.shell import picture_url
from forcewire.demo.syndication import xml

DEFAULT_IMAGE = "/assets/static/opengraph-image-a1f7d89ffd07.png"
SEARCH = "/search/news-and-communications"


def iso(moment: datetime | None) -> str | None:
    """As the site writes times: UTC with milliseconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000+00:00}" if moment else None


def content_id(article: NewsArticle) -> str:
    """The id that survives a new address: made from the path, so that it is the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, article.path))


def atom(articles: Sequence[NewsArticle], site: Site) -> Served:
    """The finder's Atom: `updated` moves with an edit."""
    entries = []
    for article in articles:
        moment = article.modified_at or article.published_at
        updated = f"<updated>{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</updated>" if moment else ""
        entries.append(
            f"<entry><id>tag:www.gov.uk,2005:{xml(article.path)}</id>{updated}"
            f'<link rel="alternate" type="text/html" href="{xml(site.url(article.path))}"/>'
            f"<title>{xml(article.title)}</title><summary>{xml(article.description or '')}</summary></entry>"
        )
    text_ = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xml:lang="en-GB" xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{xml(site.url(SEARCH + '.atom'))}</id><title>News and communications from {xml(site.force)}</title>"
        f'<link rel="self" type="application/atom+xml" href="{xml(site.url(SEARCH + ".atom"))}"/>\n'
        + "\n".join(entries)
        + "\n</feed>\n"
    )
    return Served(text_.encode(), "application/atom+xml; charset=utf-8")


def api(path: str, query: Mapping[str, str], articles: Sequence[NewsArticle], site: Site) -> Served | None:
    """`/api/content/...`: the item as the page's own software reads it."""
    if not path.startswith("/api/content/"):
        return None
    base = path.removeprefix("/api/content")
    article = next((each for each in articles if each.path == base), None)
    if article is None:
        return None
    published, modified = iso(article.published_at), iso(article.modified_at or article.published_at)
    history = [{"public_timestamp": published, "note": "First published."}]
    if article.modified_at:
        history.append({"public_timestamp": modified, "note": "Text amended."})
    data = {
        "base_path": base,
        "content_id": content_id(article),
        "description": article.description,
        "details": {
            "body": f'<div class="govspeak">{article.body_html}</div>',
            "change_history": history,
            "first_public_at": published,
            "image": {
                "url": picture_url(article, site, DEFAULT_IMAGE),
                "alt_text": article.image.alt if article.image else "",
            },
            "political": False,
        },
        "document_type": "news_story",
        "first_published_at": published,
        "links": {"organisations": [{"title": site.force, "base_path": f"/government/organisations/{site.slug}"}]},
        "locale": "en",
        "phase": "live",
        "public_updated_at": modified,
        "publishing_app": "whitehall",
        "schema_name": "news_article",
        "title": article.title,
        "updated_at": modified,
        "withdrawn_notice": {},
    }
    return Served(json.dumps(data).encode(), "application/json; charset=utf-8")

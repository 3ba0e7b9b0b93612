"""GOV.UK: an article is asked for as JSON (the Content API, no login), and read from its page where the API does not answer.

The key of an item is its path: translations share a content_id. `updated` of the Atom listing moves on edits and is no date of
publication.
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from scrapy.http import Response

from crawler import dates, markdown
from crawler.readers.generic import GenericReader
from crawler.readers.page import parse
from crawler.selectors import NotNews, PageChanged
from crawler.text import decode, printable
from storage.records import Link, Precision, Record

_API = "/api/content"
_ITEMS = "/government/"
_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class GovukReader(GenericReader):
    """Answers of the Content API, and pages of www.gov.uk."""

    name: ClassVar[str] = "govuk"
    article_path: ClassVar[str | None] = r"^/government/(?:news|speeches|publications|announcements)/[^/]+$"
    furniture: ClassVar[tuple[str, ...]] = (
        r"from:?.{0,160}",
        r"published \d.{0,40}",
        r"(?:last )?updated .{4,40}",
        r"get emails about this page",
        r"print this page",
        r"documents?",
        r"details",
    )

    def request_url(self, url: str) -> str:
        parts = urlsplit(url)
        return urlunsplit(parts._replace(path=_API + parts.path)) if parts.path.startswith(_ITEMS) else url

    def article(self, response: Response, link: Link | None = None) -> Record:
        if response.body.lstrip()[:1] == b"{":
            return self.item(response)
        record = super().article(response, link)
        # A page says more than the API does, so that a difference between the two is ours. That another code read it tells so.
        record.reader, record.reader_version = GenericReader.name, GenericReader.version
        return record

    def item(self, response: Response) -> Record:
        """The record of a Content API answer. Raises `PageChanged` when it lacks title or body."""
        try:
            data = json.loads(response.body)
        except (ValueError, RecursionError) as error:
            raise PageChanged("no readable JSON", response.url) from error
        details = data.get("details")
        if not isinstance(details, dict) or not isinstance(data.get("title"), str):
            raise NotNews(f"a {data.get('document_type') or 'JSON answer'} without title or details", response.url)
        body = self.markdown(_html(details.get("body")), response.url)
        title = decode(data["title"])
        if not title or not body:
            raise PageChanged("no title" if not title else "no body", response.url)
        published = (
            _date(data.get("first_published_at"))
            or _date(details.get("first_public_at"))
            or _date(data.get("public_updated_at"))
        )
        updated = _date(data.get("public_updated_at"))
        image, locale = details.get("image"), data.get("locale")
        return Record(
            source=self.entry.id,
            area=self.entry.area,
            url=response.url.replace(_API + "/", "/", 1),
            title=title,
            description=decode(data["description"]) or None if isinstance(data.get("description"), str) else None,
            body=body,
            published_at=published.utc if published else None,
            published_precision=published.precision if published else Precision.UNKNOWN,
            published_raw=published.raw if published else None,
            published_from="api" if published else None,
            modified_at=updated.utc if updated and published and updated.utc > published.utc else None,
            language=locale if isinstance(locale, str) and _LOCALE.fullmatch(locale) else self.entry.language,
            tags=("withdrawn",) if data.get("withdrawn_notice") or data.get("withdrawn") else (),
            image_url=printable(image["url"])
            if isinstance(image, dict) and isinstance(image.get("url"), str) and "placeholder" not in image["url"]
            else None,
            meta={k: v for k, v in data.items() if isinstance(v, str | bool | int)},
            reader=self.name,
            reader_version=self.version,
        )

    def markdown(self, html: str, url: str) -> str:
        root = parse(html)
        return markdown.render(markdown.blocks(root, url, lambda element: False)) if root is not None else ""


def _html(body: Any) -> str:
    """The body as HTML: a text, or one of several renderings of it."""
    if isinstance(body, list):
        rendered = [part for part in body if isinstance(part, dict) and part.get("content_type") == "text/html"]
        body = rendered[0].get("content") if rendered else None
    return body if isinstance(body, str) else ""


def _date(value: Any) -> dates.PrintedDate | None:
    return dates.find(value) if isinstance(value, str) else None

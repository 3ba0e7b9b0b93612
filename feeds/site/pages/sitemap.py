"""The list of pages for search engines (sitemaps.org): an index, and parts that are sent as they are read.

Stories about somebody who must be spared are not in it, nor withdrawn ones: no engine's copy of them should outlive theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

import sqlalchemy as sa

from feeds.site.context import Site
from feeds.site.pages.areas import areas
from feeds.site.pages.asking import Ask, Page, Refused
from storage.tables import ARTICLE
from storage.withheld import may_be_shown

MOST_URLS = 50_000  # of a part, by the protocol
_XML = "application/xml; charset=utf-8"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_AT_ONCE = 1000
_LISTED = (ARTICLE.c.removed_at.is_(None), sa.not_(ARTICLE.c.sensitive), may_be_shown())


def index(ask: Ask) -> Page:
    """`/sitemap.xml`: the pages, and parts of stories by their numbers, so that a part stays what it was."""
    last = ask.conn.scalar(sa.select(sa.func.max(ARTICLE.c.id))) or 0
    names = ["pages", *(str(part) for part in range(last // MOST_URLS + 1) if last)]
    found = "".join(f"<sitemap><loc>{_url(ask.site, f'/sitemap/{name}.xml')}</loc></sitemap>" for name in names)
    return Page(f"{_HEAD}<sitemapindex {_SPACE}>{found}</sitemapindex>\n", media_type=_XML)


def pages(ask: Ask) -> Page:
    """`/sitemap/pages.xml`: all that is no story."""
    paths = ["/", *(f"/areas/{area.slug}" for area in areas(ask.conn)), "/changes", "/subscribe", "/status", "/about"]
    found = "".join(f"<url><loc>{_url(ask.site, path)}</loc></url>" for path in paths)
    return Page(f"{_HEAD}<urlset {_SPACE}>{found}</urlset>\n", media_type=_XML)


def part_exists(conn: sa.Connection, part: int) -> bool:
    """Whether there are stories of a part's numbers."""
    return bool(conn.scalar(sa.select(sa.exists().where(_of_part(part)))))


def part(conn: sa.Connection, site: Site, number: int) -> Iterator[bytes]:
    """`/sitemap/<part>.xml`, piece by piece."""
    query = sa.select(ARTICLE.c.id, ARTICLE.c.changed_at).where(_of_part(number), *_LISTED).order_by(ARTICLE.c.id)
    yield f"{_HEAD}<urlset {_SPACE}>".encode()
    with conn.execution_options(yield_per=_AT_ONCE).execute(query) as rows:
        for batch in rows.partitions():
            yield "".join(
                f"<url><loc>{_url(site, f'/articles/{row.id}')}</loc><lastmod>{row.changed_at:%Y-%m-%d}</lastmod></url>\n"
                for row in batch
            ).encode()
    yield b"</urlset>\n"


def robots(ask: Ask) -> Page:
    """`/robots.txt`: no search and no comparison is for a robot, of which there are many more than of pages."""
    refused = "".join(f"Disallow: {ask.site.url(path)}\n" for path in ("/search", "/changes?", "/articles/*/diff"))
    text = f"User-agent: *\n{refused}\nSitemap: {ask.site.press.base_url}/sitemap.xml\n"
    return Page(text, media_type="text/plain; charset=utf-8")


def number_of(name: str) -> int:
    """The part that a file's name says. Raises `Refused`."""
    if not (name.isascii() and name.isdigit()) or len(name) > 6 or str(int(name)) != name:
        raise Refused(404, "There is no such sitemap.", ["/sitemap.xml"])
    return int(name)


def _of_part(number: int) -> sa.ColumnElement[bool]:
    return ARTICLE.c.id.between(number * MOST_URLS, (number + 1) * MOST_URLS - 1)


def _url(site: Site, path: str) -> str:
    return escape(f"{site.press.base_url}{path}")

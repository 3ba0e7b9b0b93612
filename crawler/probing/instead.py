"""What an answer is when it is no page of text that could hold news."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from scrapy.http import Response, TextResponse

from crawler.entries import SourceEntry
from crawler.probing.trouble import BLOCK, NoNews
from crawler.probing.walls import challenge, is_cookie_wall, is_login, is_shell, says_not_found, visible_text
from crawler.readers.page import Page
from crawler.urls import is_same_page

_MAGIC = (
    (b"%PDF", "pdf", "a PDF document"),
    (b"\xff\xd8\xff", "picture", "a picture (JPEG)"),
    (b"\x89PNG", "picture", "a picture (PNG)"),
    (b"GIF8", "picture", "a picture (GIF)"),
    (b"\x1f\x8b", "data", "packed data (gzip)"),
    (b"PK\x03\x04", "document", "a packed file (ZIP, Word, Excel)"),
    (b"\xd0\xcf\x11\xe0", "document", "an Office document"),
)
_FILE = re.compile(
    r"text/(?:css|plain|csv|calendar|vcard|(?:x-)?(?:java|ecma)script)$|application/(?:(?:x-)?javascript|zip|x-\w+)$"
)
_TYPES = {"image": "picture", "video": "film", "audio": "sound", "font": "data"}


def without_text(response: Response) -> NoNews | None:
    """What an answer is by its status and bytes alone: gone, empty, a PDF, a picture; None when it may be a page."""
    url, body = response.url, response.body
    if response.status in (404, 410):
        gone = "it is not there" if response.status == 404 else "it is gone for good"
        return NoNews(str(response.status), f"HTTP {response.status}, {gone}: {url}", url)
    if not body.strip():
        return NoNews("empty", f"an empty answer (HTTP {response.status}, no bytes): {url}", url)
    for start, kind, words in _MAGIC:
        if body.startswith(start):
            return NoNews(kind, f"{words}, no page: {url}", url)
    media = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
    if kind := _TYPES.get(media.partition("/")[0], ""):
        return NoNews(kind, f"a {kind} ({media}), no page: {url}", url)
    if media == "application/pdf":
        return NoNews("pdf", f"a PDF by its header ({media}), but its bytes are none: {url}", url)
    if _FILE.match(media) and not body.lstrip().startswith(b"<"):
        return NoNews("data", f"a file ({media}), no page: {url}", url)
    if not isinstance(response, TextResponse) or b"\0\0\0" in body[:1024]:
        return NoNews("data", f"data ({media or 'of no stated type'}), no page of text: {url}", url)
    return None


def in_place_of_a_story(response: Response, page: Page, asked: str, entry: SourceEntry) -> NoNews | None:
    """What a page of HTML is when something stands in place of the story: a wall, a login, a soft 404; else None."""
    url = response.url
    if words := challenge(response):
        return NoNews("challenge", f"a wall that checks browsers ({words!r} stands on it): {url}; {BLOCK}", url)
    if words := says_not_found(page):
        return NoNews(
            "soft 404", f"a page that says {words!r}, though the answer is HTTP {response.status}: {url}", url
        )
    if is_login(page, url):
        return NoNews("login", f"a login wall: it asks for a password: {url}", url)
    if is_shell(page):
        return NoNews(
            "no text",
            f"a page without text that a script fills in a browser; look for a feed or an API behind it: {url}",
            url,
        )
    if is_cookie_wall(page):
        return NoNews("cookies", f"a cookie wall: hardly anything but a question about cookies: {url}", url)
    if not visible_text(page.root):
        return NoNews("empty", f"a page without any text: {url}", url)
    if not is_same_page(asked, url) and not urlsplit(url).path.strip("/") and urlsplit(asked).path.strip("/"):
        return NoNews("redirect", f"redirects to the front page, as sites do with what they withdrew: {asked}", url)
    return None

"""What two addresses of one article have in common: how spellings of a URL meet, and what names a story in it."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

_NUMBER = re.compile(r"(?:^|[-/=])(\d{3,})/?$")
_KEYED = re.compile(r"/(?:r|article)/(\d{3,})/[^/]+$")  # PRgloo, and the newsrooms that number their articles
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@lru_cache(maxsize=2048)  # an article is stored, and its page beside it
def address_key(url: str) -> str:
    """A URL without what may differ between two spellings of one address: scheme, host, letter case, percent-escapes, a
    last slash. Not proof that two pages are one: a server may tell letters apart. Within a source alone, because its
    hosts are left out. It is stored, and migration 0002 filled it by this function: a change needs a migration that fills
    `article.address_key` again.
    """
    parts = urlsplit(url)
    path = unquote(parts.path).casefold().rstrip("/")
    return f"{path}?{unquote(parts.query).casefold()}" if parts.query else path


def story_name(url: str) -> str:
    """What names the story in its address wherever its section was moved to: a guid, a number, or the last part of the path; in
    small letters.
    """
    key = address_key(url)
    if guid := _GUID.search(key):
        return guid[0]
    if number := _KEYED.search(key) or _NUMBER.search(key):
        return number[1]
    return key.partition("?")[0].rsplit("/", 1)[-1]

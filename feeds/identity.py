"""Ids of feeds and entries: tag: URIs (RFC 4151), which stay the same for good.

An id that changes shows each reader every old story as new, so an id hangs on nothing that may change: not on title,
date or text, not on the address the feeds are served from, and not on a row's number in the store, which a store that
was rebuilt or imported deals out anew. It is made from the source's id and the article's canonical URL, which is what
an article is within a source. (An article whose page moves keeps the id of its first URL. When a force puts another
story at a URL, that one's id says so: it is no news of the first story.)

The authority of a tag must be a name that its minter held on the tag's date. A domain of one's own cannot be had by
default; names below `localhost` are each machine's own (RFC 6761, 6.3), so that one is the default. That every
installation shares it does no harm: the same id then means the same page of the same source. An operator who
publishes to the world sets the own domain once, before the first feed is read, and never changes it.
"""

from __future__ import annotations

import hashlib
import re

DEFAULT_TAGGING_ENTITY = "forcewire.localhost,2026"

_ENTITY = re.compile(
    r"([A-Za-z0-9._-]+@)?[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
    r",\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
)


def is_tagging_entity(text: str) -> bool:
    """Whether a text is 'authority,date' by RFC 4151: a domain or mail address, and a year, month or day on which it
    was held: 'news.example.org,2026'."""
    return _ENTITY.fullmatch(text) is not None


def entry_id(tagging_entity: str, source: str, url: str, reuse: int = 0) -> str:
    """The id of an article's entry. `url` is the canonical URL under which the source's article became known, `reuse` counts
    the stories that the force put there before it.
    """
    return f"tag:{tagging_entity}:article/{source}/{digest(url)}{f'/{reuse}' if reuse else ''}"


def digest(text: str) -> str:
    """What an id has of a text that may hold anything."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def change_id(article: str, change: str, number: int) -> str:
    """The id of a change's entry, from that of its article. `number` is the version that an edit led to, and of removals and
    returns which one of its kind it is for the article: a store that was put back from a backup finds the same changes again, and
    counts them the same.
    """
    return f"{article}/{change}/{number}"


def feed_id(tagging_entity: str, name: str) -> str:
    """The id of a feed, the same for each of its formats' files."""
    return f"tag:{tagging_entity}:feed/{name}"


def scheme_id(tagging_entity: str, scheme: str) -> str:
    """The id of a set of category terms: 'area', 'kind'."""
    return f"tag:{tagging_entity}:{scheme}"

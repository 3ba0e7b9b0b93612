"""One spelling for each address: the canonical URL is what an article is known by."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

from crawler.entries import SourceEntry, is_loopback

# Parameters that say where a reader came from and never which page is meant.
_TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ttclid|twclid|li_fat_id|igshid|mc_cid|mc_eid"
    r"|mkt_tok|_hsenc|_hsmi|_ga|_gl|wt\.mc_id)",
    re.IGNORECASE,
)
# Canonical as it stands where its host is the source's: most addresses are, and this is a tenth of the time.
_PLAIN = re.compile(r"https://([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?:/[A-Za-z0-9~_-][A-Za-z0-9~_.-]*)+/?")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(url: str, entry: SourceEntry, base: str | None = None) -> str | None:
    """The canonical form of a URL of the source, or None when it is no http address of the source's own hosts.

    No fragment, no tracking parameters, no user name, host in lower case, https except on loopback. The letter case
    of the path is kept, because servers may tell pages apart by it; so are percent-escapes as the link spells them, the
    order of the query and a last slash. Two spellings of one page meet in the store, by `storage.addresses.address_key`.
    """
    url = url.strip()
    try:
        url = urljoin(base, url) if base else url
        if (plain := _PLAIN.fullmatch(url)) and plain[1] in entry.hosts and not entry.refused_hosts:
            return url
        if not entry.owns(url):
            return None
        parts = urlsplit(safe_url_string(url))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    scheme = parts.scheme if is_loopback(host) else "https"
    if port == _DEFAULT_PORTS[parts.scheme]:
        port = None
    netloc = f"[{host}]" if ":" in host else host
    path = urlsplit(urljoin(f"{scheme}://{netloc}/", parts.path)).path if "/." in parts.path else parts.path
    query = "&".join(piece for piece in parts.query.split("&") if not _TRACKING.fullmatch(piece.partition("=")[0]))
    return urlunsplit((scheme, f"{netloc}:{port}" if port else netloc, path or "/", query, ""))


def is_same_page(old: str, new: str) -> bool:
    """Whether a redirect from `old` to `new` only tidies the address: a last slash, or the query left out."""
    before, after = urlsplit(old), urlsplit(new)
    same_path = before.netloc == after.netloc and before.path.rstrip("/") == after.path.rstrip("/")
    return same_path and after.query in ("", before.query)


def stands_for_gone(old: str, new: str, entry: SourceEntry) -> bool:
    """Whether a redirect from `old` to `new` says by itself that the article went away, as sites do that never answer
    404: it leads to a listing or to a home page. Of any other target only its content can tell.
    """
    if is_same_page(old, new):
        return False
    listings = {canonical(listing.url, entry) for listing in entry.listing}
    old_path, new_path = urlsplit(old).path.rstrip("/"), urlsplit(new).path.rstrip("/")
    # An index page may be told from its articles by the query alone.
    at_listing = any(url and urlsplit(url).path.rstrip("/") == new_path for url in listings)
    return new in listings or (old_path != new_path and (at_listing or not new_path))

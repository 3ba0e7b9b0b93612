"""The entry that a site is looked at with: its own where there is one, else a plain one made for its host."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.entries import SourceEntry, is_loopback
from crawler.probing.trouble import NoNews
from crawler.urls import canonical


def web_address(text: str) -> str:
    """An address as a person types it, with its scheme. Raises `NoNews` for what is no http address."""
    text = text.strip()
    if "://" not in text and re.match(r"[\w.-]+\.[a-z]{2,}(?:[/:?]|$)", text, re.I):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or re.search(r"[\s<>\"]", text):
        raise NoNews("no address", f"{text!r} is no http address", text)
    return text


def plain_entry(
    url: str, *, reader: str = "generic", force: str = "", area: str = "", id_: str = "", more_hosts: Sequence[str] = ()
) -> SourceEntry:
    """An entry for a site that has none. Its host with and without `www.` are one site, and `more_hosts` belong to it.
    Raises `NoNews`.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = f":{parts.port}" if parts.port and not (parts.scheme == "https" and parts.port == 443) else ""
    name = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    twin = name.removeprefix("www.") if name.startswith("www.") else f"www.{name}"
    alone = is_loopback(host) or re.fullmatch(r"[\d.:\[\]]+", name) is not None or "." not in host
    scheme = parts.scheme if is_loopback(host) else "https"
    try:
        return SourceEntry.model_validate(
            {
                "id": id_ or re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "site",
                "name": force or host,
                "force": force or host,
                "area": area or host,
                "reader": reader,
                "hosts": (name, *(() if alone else (twin,)), *more_hosts),
                "listing": ({"kind": "html", "url": f"{scheme}://{name}/"},),
                "interval": "1h",
                "assertions": {"min": {"links": 1}, "fill": {}},
            }
        )
    except ValueError as error:
        wrong = ", ".join(repr(each) for each in (host, *more_hosts))
        raise NoNews("no address", f"no host name, or none that is public: {wrong}", url) from error


def own_address(url: str, entry: SourceEntry) -> str:
    """The URL as a crawl would ask for it. Raises `NoNews` when no crawl would."""
    found = canonical(url, entry)
    if found is None:
        raise NoNews("no address", f"{url} is not on {', '.join(entry.hosts)}", url)
    return found

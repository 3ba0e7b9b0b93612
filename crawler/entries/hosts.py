"""Hosts as an entry writes them: "www.example.org", with a port, or with a path for a site that many publishers share."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urljoin, urlsplit

_HOST = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?((?:/[A-Za-z0-9._~%-]+)*)/?")
_HIDDEN_DOTS = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)


def host_pattern(text: str) -> str:
    """A host as it is compared: its name in small letters, no slash at its end. Raises `ValueError` for what is none."""
    found = _HOST.fullmatch(text)
    if found is None or _HIDDEN_DOTS.search(found[3]):
        raise ValueError(
            f"{text!r} is no host name; write it as in 'www.example.org', or 'www.example.org/its/pages' for a shared site"
        )
    return f"{found[1].lower()}{found[2] or ''}{found[3]}"


def host_name(pattern: str) -> str:
    """The host of a pattern without its path: what is connected to, and waited for, as one."""
    return pattern.partition("/")[0]


def closeness(pattern: str, url: str) -> int:
    """How closely a pattern names a URL's place: 0 when the URL is not there, and the more the longer what it names.

    A path counts in whole segments and in the letter case it has. A host written with a port allows that port alone.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return 0
    if parts.scheme not in ("http", "https"):
        return 0
    name = f"[{host}]" if ":" in host else host
    place, _, folder = pattern.partition("/")
    if place not in (name, f"{name}:{port or (443 if parts.scheme == 'https' else 80)}"):
        return 0
    if folder:
        path = urlsplit(urljoin("https://any/", parts.path)).path
        if _HIDDEN_DOTS.search(path) or not f"{path}/".startswith(f"/{folder}/"):
            return 0
    return len(pattern)


def is_loopback(host: str) -> bool:
    """Whether a host name says by itself that it is this machine: a loopback address, localhost or a name below it."""
    host = host.strip("[]").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

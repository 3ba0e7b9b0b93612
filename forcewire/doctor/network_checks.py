"""DNS and robots.txt of each source, side by side, each with a short time: one request a host, and none to a host that asked to be left
alone. Where nobody asked for it, only sources on this machine are looked at.
"""

from __future__ import annotations

import http.client
import re
import socket
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from crawler.guard import refusal
from crawler.options import user_agent
from forcewire.doctor.findings import Finding, ok, problem, unchecked, warning

if TYPE_CHECKING:
    from crawler.entries import SourceEntry

AT_ONCE, SECONDS, _LARGEST = 16, 5.0, 500 * 1024
_AGENT = "Forcewire"


def network_findings(
    entries: Collection[SourceEntry], contact: str | None, waiting: Collection[str], *, network: bool
) -> Iterator[Finding]:
    """A finding a source, by id. `waiting`: addresses of sites (scheme and host) that asked to be left alone."""
    asked = [entry for entry in entries if network or entry.loopback]
    if len(asked) < len(entries):
        left = len(entries) - len(asked)
        yield unchecked(
            "network", f"names and robots.txt of {left} sources were not asked for", "", "forcewire doctor --network"
        )
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda entry: look_at(entry, contact, waiting), asked)


def look_at(entry: SourceEntry, contact: str | None, waiting: Collection[str] = ()) -> Finding:
    """One source: its first listing's host."""
    url = re.sub(r"\{[^}]*\}", "", entry.listing[0].url)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    try:
        addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        return problem(
            "dns",
            f"{host} has no address: {error.strerror or error}",
            entry.id,
            "see whether this machine resolves names; else the host is gone: correct the entry",
        )
    refused = [why for address in addresses if (why := refusal(address, port, loopback=entry.loopback))]
    if refused:
        return problem(
            "dns", refused[0], entry.id, "a crawl would refuse it too: correct the entry, or the name server"
        )
    if f"{parts.scheme}://{parts.netloc}" in waiting:
        return unchecked("robots", "the site asked to be left alone for a while", entry.id)
    return _robots(entry.id, url, sorted(addresses)[0], port, contact)


def _robots(source: str, url: str, address: str, port: int, contact: str | None) -> Finding:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", port, timeout=SECONDS)
    # To the address that was looked at and to no other: a name may lead elsewhere the next time.
    connection._create_connection = lambda _, *more, **named: socket.create_connection((address, port), SECONDS)  # type: ignore[attr-defined]
    try:
        connection.request("GET", "/robots.txt", headers={"User-Agent": user_agent(contact), "Connection": "close"})
        answer = connection.getresponse()
        body = answer.read(_LARGEST)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return problem(
            "robots",
            f"{parts.netloc} does not answer: {str(error) or type(error).__name__}",
            source,
            "try it again later; a crawl leaves a host alone that does not give its robots.txt",
        )
    finally:
        connection.close()
    if answer.status in (404, 410):
        return ok("robots", f"{parts.netloc} answers, and has no robots.txt", source)
    if 300 <= answer.status < 400:
        return warning(
            "robots",
            f"robots.txt of {parts.netloc} leads elsewhere",
            source,
            f"forcewire sources check {source} follows it",
        )
    if answer.status != 200:
        return problem(
            "robots",
            f"robots.txt of {parts.netloc} answers HTTP {answer.status}",
            source,
            "the host is left alone while it does; write to its owner where it stays so",
        )
    if not Protego.parse(body.decode("utf-8-sig", "ignore")).can_fetch(url, _AGENT):
        return problem(
            "robots",
            "its robots.txt does not allow the listing",
            source,
            "ask the site's owner, or take the source out",
        )
    return ok("robots", f"{parts.netloc} answers, and its robots.txt allows the listing", source)

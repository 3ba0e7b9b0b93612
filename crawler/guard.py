"""Which addresses a crawl may connect to. Asked when a socket is opened, with the address that it is opened to:
redirects, numbers in odd notation and names that change their address between two look-ups all come through here.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

REFUSED = "refused to connect to"
WEB_PORTS = (80, 443)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(OSError):  # noqa: N818  named as what it is
    """Raised instead of opening a socket to an address that no crawl may talk to."""


def refusal(address: str, port: int, *, loopback: bool) -> str | None:
    """Why no socket may be opened, or None when it may. `loopback`: the source is on this machine, and nowhere else."""
    ip = _real(ipaddress.ip_address(address.partition("%")[0]))
    if loopback:
        return None if ip.is_loopback else f"{REFUSED} {ip} port {port}: the source is on this machine only"
    if not _is_public(ip):
        hint = "; --allow-loopback is for sources whose hosts are this machine" if ip.is_loopback else ""
        return f"{REFUSED} {ip} port {port}: not a public address{hint}"
    if port not in WEB_PORTS:
        return f"{REFUSED} {ip} port {port}: only ports 80 and 443 are used"
    return None


def guarded_socket(*, loopback: bool) -> Callable[[tuple[Any, ...]], socket.socket]:
    """A socket factory for aiohttp's connector that raises `AddressRefused`."""

    def open_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if reason := refusal(str(address[0]), int(address[1]), loopback=loopback):
            raise AddressRefused(errno.EACCES, reason)
        return socket.socket(family, kind, protocol)

    return open_socket


def _real(ip: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64), so that none hides in it."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        return ip.ipv4_mapped or ip.sixtofour or ip
    return ip


def _is_public(ip: Address) -> bool:
    # Python calls multicast and the old site-local addresses global.
    site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_loopback or site_local)

"""Which addresses a crawl may connect to. Asked when a socket is opened, with the address that it is opened to:
redirects, numbers in odd notation and names that change their address between two look-ups all come through here.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable, Collection
from typing import Any

REFUSED = "refused to connect to"
WEB_PORTS = frozenset({80, 443})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all that IANA gives out; what lies beside it is no site
# Beside what Python's own list says, which grew from version to version.
_NO_SITES = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # RFC 6890: protocol assignments; Oracle's metadata is there
            "192.88.99.0/24",  # RFC 7526: relays of 6to4
            "168.63.129.16/32",  # a public address, but on Azure the host of the machine itself
            "2001::/23",  # RFC 2928: Teredo and other tunnels
            "2002::/16",  # RFC 7526: 6to4, given up; an IPv4 address hides in it
            "3fff::/20",  # RFC 9637: documentation
        ),
    )
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(OSError):  # noqa: N818  named as what it is
    """Raised instead of opening a socket to an address that no crawl may talk to."""


def refusal(address: str, port: int, *, loopback: bool, ports: Collection[int] | None = None) -> str | None:
    """Why no socket may be opened, or None when it may. `loopback`: the source is on this machine, and nowhere else, at
    `ports` alone; None is any port of it.
    """
    ip = _real(ipaddress.ip_address(address.partition("%")[0]))
    if loopback:
        if not ip.is_loopback:
            return f"{REFUSED} {ip} port {port}: the source is on this machine only"
        if ports is not None and port not in ports:
            return f"{REFUSED} {ip} port {port}: the source is at {', '.join(map(str, sorted(ports)))} of this machine"
        return None
    if not _is_public(ip):
        hint = "; --allow-loopback is for sources whose hosts are this machine" if ip.is_loopback else ""
        return f"{REFUSED} {ip} port {port}: not a public address{hint}"
    if port not in WEB_PORTS:
        return f"{REFUSED} {ip} port {port}: only ports 80 and 443 are used"
    return None


def guarded_socket(
    *, loopback: bool, ports: Collection[int] | None = None
) -> Callable[[tuple[Any, ...]], socket.socket]:
    """A socket factory for aiohttp's connector that raises `AddressRefused`."""

    def open_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if reason := refusal(str(address[0]), int(address[1]), loopback=loopback, ports=ports):
            raise AddressRefused(errno.EACCES, reason)
        return socket.socket(family, kind, protocol)

    return open_socket


def _real(ip: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, NAT64), so that none hides in it."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        return ip.ipv4_mapped or ip
    return ip


def _is_public(ip: Address) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _GLOBAL_UNICAST:
        return False
    if any(ip in network for network in _NO_SITES):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_loopback)

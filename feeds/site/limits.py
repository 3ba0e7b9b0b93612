"""What one client may take of a server: connections, and time to say what it wants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Protocol

_SPARED = 256  # file descriptors for the store, the log and the sockets that are listened on
_MOST_EVER = 20_000
_LEAST_PACE = 1024  # bytes a second: who reads an answer more slowly is not reading it


@dataclass(frozen=True)
class Limits:
    """`head_seconds`: for a request's head to come, however it trickles, for the next one on a connection that stays open, and for
    a body that nobody asked for. `connections` are those open at one time, `of_one` those of one address (a network of /64 in
    IPv6); a proxy's, which all visitors come through, is known by its being private. `url` and `head` are bytes.
    """

    connections: int = field(default_factory=lambda: connections_allowed())
    of_one: int = 256
    head_seconds: float = 10.0
    url: int = 8 << 10
    head: int = 32 << 10


class Guarded(Protocol):
    """A connection, as the gate sees it."""

    def is_waiting(self) -> bool:
        """Whether the client has the word: its request has not come, or not whole."""

    def unread(self) -> int:
        """Bytes of answers that the client has not taken."""

    def turn_away(self) -> None:
        """Ends the connection because its client kept the server waiting."""

    def cut(self) -> None:
        """Ends the connection at once."""


class Gate:
    """The open connections of a server, the one longest in its state first."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._since: dict[Guarded, float] = {}
        self._unread: dict[Guarded, int] = {}
        self._of: Counter[str] = Counter()
        self._client: dict[Guarded, str] = {}

    def __len__(self) -> int:
        return len(self._since)

    def enter(self, connection: Guarded, address: str, now: float) -> bool:
        """Lets a connection in, or not. Where all places are taken, the one that kept us waiting longest gives up its own."""
        client = client_of(address)
        if client and self._of[client] >= self.limits.of_one:
            return False
        if len(self._since) >= self.limits.connections and not self._make_room():
            return False
        self._since[connection] = now
        if client:
            self._client[connection] = client
            self._of[client] += 1
        return True

    def leave(self, connection: Guarded) -> None:
        """A connection has ended."""
        self._since.pop(connection, None)
        self._unread.pop(connection, None)
        client = self._client.pop(connection, None)
        if client is not None:
            self._of[client] -= 1
            if not self._of[client]:
                del self._of[client]

    def turn(self, connection: Guarded, now: float) -> None:
        """The client said what it wants, or got it: its time begins anew."""
        if self._since.pop(connection, None) is not None:
            self._since[connection] = now

    def sweep(self, now: float) -> None:
        """Ends the connections whose time is over. To be called each second or so."""
        late = []
        for connection, since in self._since.items():
            if now - since < self.limits.head_seconds:
                break
            late.append(connection)
        for connection in late:
            self._judge(connection, now)

    def _judge(self, connection: Guarded, now: float) -> None:
        unread = connection.unread()
        if unread:
            before = self._unread.get(connection)
            if before is not None and before - unread < _LEAST_PACE * self.limits.head_seconds:
                return connection.cut()
            self._unread[connection] = unread
        elif connection.is_waiting():
            return connection.turn_away()
        return self.turn(connection, now)

    def _make_room(self) -> bool:
        for connection in self._since:
            if connection.is_waiting():
                self.leave(connection)
                connection.cut()
                return True
        return False


def client_of(address: str) -> str:
    """Whose connections are counted together; '' for a private address, which may be a proxy's."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return client_of(str(ip.ipv4_mapped))
        return "" if ip.is_private else ":".join(ip.exploded.split(":")[:4])
    return "" if ip.is_private else str(ip)


def connections_allowed() -> int:
    """As many as the system lets this process have open files, less what it needs itself, after asking for all it may have."""
    try:
        import resource
    except ImportError:  # Windows
        return 2000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_EVER + _SPARED if hard == resource.RLIM_INFINITY else min(hard, _MOST_EVER + _SPARED)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            wanted = soft
    return max(wanted - _SPARED, wanted // 2)

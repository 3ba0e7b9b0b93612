"""An internet of one machine: names lead where a test says, one public address leads to a server of ours, and whatever else a
socket is opened to is counted, beside real listeners that count what they are sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PUBLIC = "93.184.215.14"
SITE = "www.fenwold.example"
Answers = list[list[str]]  # of look-ups in turn, the last for ever; each the addresses of its answer


class Trap:
    """Listens on every loopback address that a port can be had on, and counts. Whatever arrives here got past the guard."""

    def __init__(self) -> None:
        self.connections = 0
        self.bytes = 0
        self._open: list[socket.socket] = []
        first = self._listen(socket.AF_INET, ("127.0.0.1", 0))
        self.port: int = first.getsockname()[1]
        with contextlib.suppress(OSError):
            self._listen(socket.AF_INET6, ("::1", self.port))

    def _listen(self, family: int, address: tuple[str, int]) -> socket.socket:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(64)
        self._open.append(listener)
        threading.Thread(target=self._count, args=(listener,), daemon=True).start()
        return listener

    def _count(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                self.connections += 1
                connection.settimeout(1)
                with contextlib.suppress(OSError), connection:
                    self.bytes += len(connection.recv(65536))

    def close(self) -> None:
        for listener in self._open:
            listener.close()


@dataclass
class Internet:
    """`names`: what look-ups answer; a name that is none of them is looked up as the machine does where it is a number, and is
    not found otherwise. `server`: host and port behind `PUBLIC`. `opened`: every address that a socket was to be connected to.
    """

    server: tuple[str, int]
    trap: Trap
    names: dict[str, Answers] = field(default_factory=dict)
    opened: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[tuple[Any, ...]]:
        self.looked_up.append(host)
        if (answers := self.names.get(host.rstrip("."))) is None:
            return socket_getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [_info(address, port) for address in addresses]

    @property
    def leaks(self) -> list[tuple[str, int]]:
        """Where a socket was to be connected to that is not the site."""
        return [address for address in self.opened if address[0] != PUBLIC]


socket_getaddrinfo = socket.getaddrinfo


def _info(address: str, port: int) -> tuple[Any, ...]:
    if ":" in address:
        return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)


@contextlib.contextmanager
def internet(serve: Callable[[str], bytes], patch: pytest.MonkeyPatch, folder: Path) -> Iterator[Internet]:
    """`serve`: the whole answer to a path of the site, which speaks TLS as live sites do."""
    certificate, trusted = _certificate(folder)
    server = _Server(serve, certificate)
    found = Internet(("127.0.0.1", server.port), Trap(), {SITE: [[PUBLIC]]})
    real_connect = asyncio.selector_events.BaseSelectorEventLoop.sock_connect

    async def lookup(_: Any, host: str, port: int, **__: Any) -> Sequence[tuple[Any, ...]]:
        return found.resolve(host, port)

    async def connect(loop: Any, sock: socket.socket, address: tuple[Any, ...]) -> None:
        found.opened.append((str(address[0]), int(address[1])))
        await real_connect(loop, sock, found.server if address[0] == PUBLIC else address)

    patch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", lookup)
    patch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", connect)
    patch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", trusted)
    try:
        yield found
    finally:
        server.close()
        found.trap.close()


def _certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, SITE)]), datetime.now(UTC)
    names = [x509.DNSName(SITE), x509.IPAddress(ipaddress.ip_address(PUBLIC))]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "site.pem"
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(path)
    return ours, ssl.create_default_context(cafile=str(path))


class _Server:
    def __init__(self, serve: Callable[[str], bytes], context: ssl.SSLContext) -> None:
        self._serve, self._context = serve, context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        with contextlib.suppress(OSError), self._context.wrap_socket(connection, server_side=True) as stream:
            asked = b""
            while b"\r\n\r\n" not in asked and (more := stream.recv(65536)):
                asked += more
            if asked:
                stream.sendall(self._serve(asked.split(b" ")[1].decode()))

    def close(self) -> None:
        self._listener.close()

"""Faults of a whole host: its name is gone, nothing listens, its certificate is nobody's."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.entries import SourceEntry
from forcewire.demo.newsroom import Newsroom


@contextmanager
def broken_hosts(newsroom: Newsroom, entries: Sequence[SourceEntry], fault: str) -> Iterator[Sequence[SourceEntry]]:
    """The entries as they are while the fault lasts."""
    ports = {urlsplit(entry.listing[0].url).port for entry in entries}
    with ExitStack() as stack:
        if fault == "name gone":
            stack.enter_context(_no_name(ports))
            yield entries
        elif fault == "connection refused":
            stack.enter_context(_closed(newsroom))
            yield entries
        elif fault == "no TLS":
            port = stack.enter_context(_plain_server())
            yield [_with_tls(entry, port) for entry in entries]
        else:
            port = stack.enter_context(_tls_server())
            yield [_with_tls(entry, port) for entry in entries]


@contextmanager
def _no_name(ports: set[int | None]) -> Iterator[None]:
    known = socket.getaddrinfo

    def resolve(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if port in ports:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, port, *args, **more)

    with mock.patch("socket.getaddrinfo", resolve):
        yield


@contextmanager
def _closed(newsroom: Newsroom) -> Iterator[None]:
    """Nothing listens on the newsroom's ports; afterwards the same hosts listen on the same ports again."""
    server = newsroom._server
    ports = [each.sockets[0].getsockname()[1] for each in server._servers]

    def close() -> None:
        for each in server._servers:
            each.close()
        for host in server._hosts:
            for connection in list(host.connections):
                connection.close()

    server.call(close)
    yield
    hosts, loop = list(server._hosts), server._loop
    assert loop is not None
    server._servers.clear()
    server._hosts.clear()
    for host, port in zip(hosts, ports, strict=True):
        asyncio.run_coroutine_threadsafe(server._listen([host], port), loop).result(10)


def _with_tls(entry: SourceEntry, port: int | None) -> SourceEntry:
    listing = tuple(
        each.model_copy(update={"url": f"https://localhost:{port}{urlsplit(each.url).path}"}) for each in entry.listing
    )
    return entry.model_copy(update={"listing": listing, "hosts": (*entry.hosts, f"localhost:{port}")})


@contextmanager
def _tls_server() -> Iterator[int]:
    """A server whose certificate is signed by itself, and which gives no answer."""
    with TemporaryDirectory() as folder:
        server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(Path(folder)))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield int(server.server_port)
        finally:
            server.shutdown()
            server.server_close()


@contextmanager
def _plain_server() -> Iterator[int]:
    """A server that knows no TLS, and says so as such servers do."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def _certificate(folder: Path) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*form))
    return path

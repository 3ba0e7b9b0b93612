"""A small client of the newsroom that hides nothing: status, headers and bytes as they came."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from forcewire.demo.newsroom import Newsroom


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


Get = Callable[..., Got]


def _fetch(base_url: str, path: str, *, method: str = "GET", **headers: str) -> Got:
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Got(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as served:
        yield served


@pytest.fixture
def get(newsroom: Newsroom) -> Get:
    def ask(site: str, path: str, **options: str) -> Got:
        return _fetch(newsroom.base_urls[site], path, **options)

    return ask


@pytest.fixture
def fetch() -> Get:
    """Ask any address: `fetch(base_url, path, method=..., Header_Name=...)`."""
    return _fetch

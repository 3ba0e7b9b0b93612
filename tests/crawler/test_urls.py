from __future__ import annotations

import pytest

from crawler.entries import SourceEntry
from crawler.urls import canonical, stands_for_gone


@pytest.fixture
def entry() -> SourceEntry:
    return SourceEntry(
        id="fenwold",
        name="Fenwold",
        force="Fenwold",
        area="Fenwold",
        reader="generic",
        hosts=["www.fenwold.example"],
        listing=[{"kind": "html", "url": "https://www.fenwold.example/news/latest/"}],
        interval="15m",
        assertions={"min": {"links": 1}, "fill": {}},
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.fenwold.example/News/A-Story/", "https://www.fenwold.example/News/A-Story/"),
        ("https://www.fenwold.example/a%e2%80%99s%2db", "https://www.fenwold.example/a%e2%80%99s%2db"),
        ("https://www.fenwold.example/a%2fb%2C,c%zz%", "https://www.fenwold.example/a%2fb%2C,c%zz%"),
        ("https://www.fenwold.example/a-question?", "https://www.fenwold.example/a-question"),
        ("https://www.fenwold.example/a-story#related", "https://www.fenwold.example/a-story"),
        ("https://www.fenwold.example/a’s-b", "https://www.fenwold.example/a%E2%80%99s-b"),
        ("http://WWW.Fenwold.EXAMPLE:80/a", "https://www.fenwold.example/a"),
        ("https://www.fenwold.example:443", "https://www.fenwold.example/"),
        ("https://www.fenwold.example/a?utm_source=x&id=7&fbclid=y#top", "https://www.fenwold.example/a?id=7"),
        ("https://www.fenwold.example/a?UTM_Campaign=x", "https://www.fenwold.example/a"),
        ("https://www.fenwold.example/a?b=%2F&a=1", "https://www.fenwold.example/a?b=%2F&a=1"),
        ("https://user:secret@www.fenwold.example/a", "https://www.fenwold.example/a"),
        ("https://www.fenwold.example/a/../b/./c", "https://www.fenwold.example/b/c"),
        ("https://www.fenwold.example/Wales’s day", "https://www.fenwold.example/Wales%E2%80%99s%20day"),
        ("/news/x", "https://www.fenwold.example/news/x"),
        ("//www.fenwold.example/x", "https://www.fenwold.example/x"),
        ("https://elsewhere.example/a", None),
        ("https://www.fenwold.example.evil.example/a", None),
        ("https://www.fenwold.example@evil.example/a", None),
        ("https://www.fenwold.example:99999/a", None),
        ("https://[::1/a", None),
        ("mailto:desk@fenwold.example", None),
        ("javascript:void(0)", None),
        ("file:///etc/passwd", None),
    ],
)
def test_canonical(entry: SourceEntry, url: str, expected: str | None) -> None:
    assert canonical(url, entry, base="https://www.fenwold.example/news/latest/") == expected


def test_canonical_is_stable(entry: SourceEntry) -> None:
    once = canonical("http://www.fenwold.example/a b/%7e?x=é&gclid=1", entry)
    assert once is not None
    assert canonical(once, entry) == once


def test_loopback_keeps_scheme_and_port() -> None:
    entry = SourceEntry(
        id="here",
        name="Here",
        force="Here",
        area="Here",
        reader="generic",
        hosts=["127.0.0.1:8000", "[::1]:8000"],
        listing=[{"kind": "html", "url": "http://127.0.0.1:8000/news/"}],
        interval="15m",
        assertions={"min": {"links": 1}, "fill": {}},
    )
    assert canonical("http://127.0.0.1:8000/a#b", entry) == "http://127.0.0.1:8000/a"
    assert canonical("http://[::1]:8000/a", entry) == "http://[::1]:8000/a"
    assert canonical("http://127.0.0.1:8001/a", entry) is None


@pytest.mark.parametrize(
    ("old", "new", "gone"),
    [
        ("/news/2024/a-story/", "/news/latest/", True),
        ("/news/2024/a-story/", "/news/latest", True),
        ("/news/2024/a-story/", "/", True),
        ("/news/2024/a-story/", "/?gone=1", True),
        ("/news/2024/a-story/", "/news/2024/", False),
        ("/news/2024/a-story/", "/news/2024/a-story", False),
        ("/news/2024/a-story/index.html", "/news/2024/a-story/", False),
        ("/news/2024/a-story/", "/news/2024/another-story/", False),
        ("/news/2024/a", "/archive/2024/a", False),
        ("/news/2024/a?source=rss", "/news/2024/a", False),
        ("/news/article?id=7", "/news/article", False),
        ("/news/article?id=7", "/news/article?id=8", False),
        ("/news/latest/?id=7", "/news/latest/", False),
    ],
)
def test_redirect_to_a_listing_or_home_stands_for_gone(entry: SourceEntry, old: str, new: str, gone: bool) -> None:
    host = "https://www.fenwold.example"
    assert stands_for_gone(host + old, host + new, entry) is gone

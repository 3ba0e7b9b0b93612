"""Pages that hurt a careless reader: huge, deep, bombs, odd characters, long titles, impossible dates, no title."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from forcewire.demo.articles import NewsArticle
from forcewire.demo.faults import Fault
from forcewire.demo.http_server import Reply, Request

if TYPE_CHECKING:
    from forcewire.demo.pressroom import Pressroom

_HTML = ("Content-Type", "text/html; charset=utf-8")
_PARAGRAPH = b"<p>Officers remained at the scene and a cordon was put in place while enquiries were made.</p>\n"
_BLOCK = _PARAGRAPH * 680
_START = b"<!DOCTYPE html><html><head><title>A very long page</title></head><body><main><h1>A very long page</h1>\n"
_TITLES = re.compile(
    r"<title>.*?</title>|<h1\b.*?</h1>|<meta [^>]*(?:og|twitter):title[^>]*>|<script type=\"application/ld.*?</script>",
    re.S,
)


@dataclass(kw_only=True)
class Huge(Fault):
    """A page of `size` bytes, sent in pieces and never held. `announced`: with its Content-Length, or without."""

    size: int = 200_000_000
    announced: bool = True

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        rest = self.size - len(_START)

        def pieces() -> Iterator[bytes]:
            whole, odd = divmod(rest, len(_BLOCK))
            for _ in range(whole):
                yield _BLOCK
            yield _BLOCK[:odd]

        return Reply(200, (_HTML,), _START, length=self.size if self.announced else None, stream=pieces)


@dataclass(kw_only=True)
class Nested(Fault):
    """The story's text stands `depth` elements deep."""

    depth: int = 20_000

    def article(self, article: NewsArticle) -> NewsArticle:
        return article.changed(body_html="<div>" * self.depth + article.body_html + "</div>" * self.depth)


@dataclass(kw_only=True)
class GzipBomb(Fault):
    """Some KB of gzip that unpack to `size` bytes of white space within a page."""

    size: int = 1_000_000_000

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        return Reply(200, (_HTML, ("Content-Encoding", "gzip")), gzip_bomb(self.size))


def gzip_bomb(size: int) -> bytes:
    """One gzip member. A flushed piece of deflate may be repeated, so that little is computed but the checksum."""
    piece = b" " * 1_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(_START) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    count = max(size // len(piece), 1)
    checksum = zlib.crc32(_START)
    for _ in range(count):
        checksum = zlib.crc32(piece, checksum)
    length = (len(_START) + count * len(piece)) & 0xFFFFFFFF
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return head + start + again * count + packer.flush() + struct.pack("<II", checksum, length)


@dataclass(kw_only=True)
class EntityBomb(Fault):
    """An RSS document whose entities would unfold to gigabytes."""

    levels: int = 10

    def instead(self, room: Pressroom, request: Request) -> Reply | None:
        entities = "".join(
            f'<!ENTITY e{level} "{f"&e{level - 1};" * 10 if level else "police"}">\n' for level in range(self.levels)
        )
        text = (
            f'<?xml version="1.0"?>\n<!DOCTYPE rss [\n{entities}]>\n<rss version="2.0"><channel><title>News</title>'
            f"<item><title>&e{self.levels - 1};</title><link>{room.site.url('/')}</link></item></channel></rss>"
        )
        return Reply(200, (("Content-Type", "application/rss+xml"),), text.encode())


@dataclass(kw_only=True)
class OddCharacters(Fault):
    """Control characters, NUL, lone surrogates (as references), zero-width and soft characters in title and text."""

    odd: str = field(default="\x00\x0b\x1f\x7f\ufffe\ufeff\u200b\u00ad\u2028\ud800\udfff", repr=False)

    def article(self, article: NewsArticle) -> NewsArticle:
        references = "&#xD800;&#xDFFF;&#0;&#x1F;&#x110000;"
        return article.changed(
            title=f"{article.title}{self.odd}",
            body_html=f"<p>{self.odd}{references}</p>\n{article.body_html}",
        )


@dataclass(kw_only=True)
class LongTitle(Fault):
    """A headline of `size` letters."""

    size: int = 100_000

    def article(self, article: NewsArticle) -> NewsArticle:
        words = f"{article.title} "
        return article.changed(title=(words * (self.size // len(words) + 1))[: self.size].rstrip())


@dataclass(kw_only=True)
class FutureDate(Fault):
    """The story says that it was published in a year to come."""

    at: datetime = datetime(2099, 12, 21, 9, 30, tzinfo=UTC)

    def article(self, article: NewsArticle) -> NewsArticle:
        return article.changed(published_at=self.at, date_string=None)


@dataclass(kw_only=True)
class NoTitle(Fault):
    """The page has a text but no headline anywhere."""

    def html(self, page: str) -> str:
        return _TITLES.sub("", page)


@dataclass(kw_only=True)
class Unpacked(Fault):
    """The header says gzip, the bytes are not."""

    def reply(self, reply: Reply) -> Reply:
        return replace(reply, headers=(*reply.headers, ("Content-Encoding", "gzip")))

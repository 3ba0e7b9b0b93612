"""Documents ready to send: validators, 304 and gzip, with head and body kept as bytes."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

from forcewire.demo.http_server import Reply, Request
from forcewire.demo.printing import http_date

HTML = "text/html; charset=utf-8"
_SMALLEST_ZIPPED = 500


@dataclass(slots=True)
class Document:
    """A rendered document. Its ETag comes from its bytes, its Last-Modified from when the site changed it.

    The plain body is let go once a zipped one is kept and nobody asked for the plain one: thousands of pages fit.
    """

    body: bytes
    content_type: str = HTML
    changed_at: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    validators: bool = True
    etag: str = field(init=False)
    _long: bool = field(init=False)
    _plain: Reply | None = None
    _zipped: Reply | None = None
    _unchanged: Reply | None = None

    def __post_init__(self) -> None:
        self._long = len(self.body) >= _SMALLEST_ZIPPED
        self.etag = f'"{hashlib.blake2b(self.body, digest_size=9).hexdigest()}"'

    def answer(self, request: Request) -> Reply:
        """200 with the body, or 304 (RFC 9110, 13.2.2: If-None-Match goes before If-Modified-Since)."""
        headers = request.headers
        if self.validators and (b"if-none-match" in headers or b"if-modified-since" in headers) and self._same(request):
            if self._unchanged is None:
                self._unchanged = _ready(Reply(304, self._heads(None)))
            return self._unchanged
        if b"gzip" in headers.get(b"accept-encoding", b"") and self._long:
            if self._zipped is None:
                self._zipped = _ready(Reply(200, self._heads("gzip"), gzip.compress(self.body, 4, mtime=0)))
                if self._plain is None:
                    self.body = b""
            return self._zipped
        if self._plain is None:
            self.body = self.body or (gzip.decompress(self._zipped.body) if self._zipped else b"")
            self._plain = _ready(Reply(200, self._heads(None), self.body))
        return self._plain

    def _same(self, request: Request) -> bool:
        asked = request.header(b"if-none-match")
        if asked is not None:
            tags = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
            return "*" in tags or self.etag in tags or self._zipped_etag in tags
        since = request.header(b"if-modified-since")
        if since is None or self.changed_at is None:
            return False
        try:
            return self.changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (ValueError, TypeError):
            return False

    @property
    def _zipped_etag(self) -> str:
        return f'{self.etag[:-1]}-gzip"'

    def _heads(self, coding: str | None) -> tuple[tuple[str, str], ...]:
        heads = [("Content-Type", self.content_type), ("Vary", "Accept-Encoding"), *self.headers]
        if coding:
            heads.append(("Content-Encoding", coding))
        if self.validators:
            heads.append(("ETag", self._zipped_etag if coding else self.etag))
            if self.changed_at is not None:
                heads.append(("Last-Modified", http_date(self.changed_at)))
            heads.append(("Cache-Control", "max-age=0, must-revalidate"))
        return tuple(heads)


def _ready(reply: Reply) -> Reply:
    if reply.status == 304:
        lines = ["HTTP/1.1 304 Not Modified"]
        lines += [
            f"{name}: {value}" for name, value in reply.headers if name not in ("Content-Type", "Content-Encoding")
        ]
        reply.raw = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    else:
        reply.raw = reply.head()
    return reply

"""Content codings: which one a client takes, and bytes in it."""

from __future__ import annotations

import gzip
from functools import lru_cache

import brotli

CODINGS = ("br", "gzip")  # the smaller one first: it wins where a client likes both alike
LEAST = 500  # bytes: what is smaller travels in one packet anyway

_GZIP_LEVEL, _BROTLI_QUALITY = 6, 5
_PACKED_WELL = ("text/", "application/json", "application/xml", "application/manifest+json", "image/svg+xml")


@lru_cache(maxsize=512)
def chosen_coding(accepted: bytes) -> str:
    """The coding for an Accept-Encoding field (RFC 9110, 12.5.3): br, gzip, or '' for the bytes as they are, which every client
    gets that takes neither, even one that says it would rather have nothing.
    """
    qualities: dict[str, float] = {}
    for part in accepted.decode("latin-1").lower().split(",")[:50]:
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        if coding:
            qualities["gzip" if coding == "x-gzip" else coding] = _quality(parameters)
    plain = qualities.get("identity", 0.0)
    best, liked = "", max(plain, 0.0)
    for coding in CODINGS:
        quality = qualities.get(coding, qualities.get("*", 0.0))
        if quality > 0 and quality >= liked and (not best or quality > liked):
            best, liked = coding, quality
    return best


def _quality(parameters: list[str]) -> float:
    """1 where none is given; one that cannot be read is no consent."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0
    return 1.0


def packed(data: bytes, coding: str) -> bytes:
    """The bytes in a coding: the same ones for the same data."""
    if coding == "br":
        return bytes(brotli.compress(data, quality=_BROTLI_QUALITY))
    if coding == "gzip":
        return gzip.compress(data, _GZIP_LEVEL, mtime=0)
    return data


def is_worth_packing(content_type: str, size: int) -> bool:
    """Whether bytes of this type get smaller. `size` is in bytes."""
    media_type = content_type.partition(";")[0].strip().lower()
    return size >= LEAST and (media_type.startswith(_PACKED_WELL) or media_type.endswith(("+xml", "+json", "x-opml")))

"""Compressed bodies, whole ones. Scrapy's own middleware hands on what it could unpack of a body that was cut: a story that ends in
its middle, which would be told as an edit.
"""

from __future__ import annotations

import sys
import zlib
from importlib import import_module
from typing import Any

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import ResponseDataLossError

_MOST_LAYERS = 3  # encodings within each other; each may be as large as a page
_PIECE = 2**20


class WholeBodies(HttpCompressionMiddleware):
    """Raises `ResponseDataLossError` for a body that lacks its end. Where its checksum alone is missing, as some servers leave
    it out, the page's own end is enough.
    """

    def _handle_encoding(self, body: bytes, content_encoding: list[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
        to_decode, to_keep = self._split_encodings(content_encoding)
        if len(to_decode) > _MOST_LAYERS:
            raise ValueError(f"{len(to_decode)} encodings within each other")
        for encoding in to_decode:
            packed, body = body, self._decode(body, encoding, max_size)
            if not _has_end(packed, encoding) and b"</html" not in body[-4096:].lower():
                raise ResponseDataLossError(f"the {encoding.decode()} stream ends in the middle")
        return body, to_keep


def _has_end(packed: bytes, encoding: bytes) -> bool:
    """Whether a stream that was unpacked, and so is no bomb, came to its end."""
    try:
        if encoding == b"br":
            return _brotli_has_end(packed)
        if encoding == b"zstd":
            return _zstd_has_end(packed)
        return _zlib_has_end(packed, 31 if encoding != b"deflate" else 15 if packed[:1] == b"\x78" else -15)
    except zlib.error:
        return False


def _zlib_has_end(packed: bytes, bits: int) -> bool:
    stream = zlib.decompressobj(bits)
    while packed and not stream.eof:
        stream.decompress(packed, _PIECE)
        packed = stream.unconsumed_tail
    return stream.eof


def _brotli_has_end(packed: bytes) -> bool:
    import brotli

    stream = brotli.Decompressor()
    stream.process(packed, output_buffer_limit=_PIECE)
    while not stream.is_finished() and stream.process(b"", output_buffer_limit=_PIECE):
        pass
    return bool(stream.is_finished())


def _zstd_has_end(packed: bytes) -> bool:
    stream = _zstd().ZstdDecompressor()
    stream.decompress(packed, _PIECE)
    while not stream.eof and not stream.needs_input:
        stream.decompress(b"", _PIECE)
    return bool(stream.eof)


def _zstd() -> Any:
    return import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

"""The headers that every answer carries: what a browser may do with it, and who else may read it."""

from __future__ import annotations

FINISHED = "forcewire.finished"  # a key of an ASGI message whose headers are complete

_ASKS_FOR = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking",
)  # fmt: skip

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

# A feed is read by programs: a browser that is shown one needs to run, load and guess nothing.
FEED_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)

_ALL: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", ", ".join(f"{name}=()" for name in _ASKS_FOR).encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
)
_SHARED = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Last-Modified, Link"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_OWN = ((b"cross-origin-resource-policy", b"same-origin"),)

PREFLIGHT: tuple[tuple[bytes, bytes], ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"If-None-Match, If-Modified-Since"),
    (b"access-control-max-age", b"86400"),
)


def is_shared(path: str) -> bool:
    """Whether pages of other hosts may read what is there: feeds and the API, which hold nothing but public news."""
    return path.startswith(("/feeds/", "/feeds.", "/api/"))


def with_security(headers: list[tuple[bytes, bytes]], path: str) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with those that it must have. What a view set itself stays, but for cookies: there are none."""
    given = {name.lower() for name, _ in headers}
    wanted = (*_ALL, *(_SHARED if is_shared(path) else _OWN))
    kept = [(name, value) for name, value in headers if name.lower() != b"set-cookie"]
    return kept + [(name, value) for name, value in wanted if name not in given]

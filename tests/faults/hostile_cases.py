"""What a hostile site may send: each case is the answer to a story, to the listing, or to robots.txt."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from tests.faults.hostile_server import Piece, Script, honest, listing, page, story

PLACES = ("story", "listing", "robots")
STORY_PATH = "/news/van-0-stolen"
_MB = 2**20
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


@dataclass(frozen=True, slots=True)
class Case:
    """`wanted`: the verdict at each place, where it is not the usual one: a crawl that lacks a story is degraded, one without a
    listing or robots.txt failed. `slow`: it ends by a time-out. `edits`: it is a story, of another text than before.
    """

    script: Script
    wanted: dict[str, str] | None = None
    places: tuple[str, ...] = PLACES
    slow: bool = False
    edits: bool = False

    def verdict(self, place: str) -> str:
        """What the crawl must come to."""
        usual = {"story": "degraded", "listing": "failed", "robots": "failed"}
        return (usual | (self.wanted or {}))[place]


OK = dict.fromkeys(PLACES, "ok")


def _always(*pieces: Piece) -> Script:
    return lambda path, before: pieces


def _raw(body: bytes, *lines: str, status: str = "200 OK") -> Script:
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
    return _always(head.encode() + "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n", body)


def _endless(head: bytes, piece: bytes, wait: float = 0.0) -> Script:
    def script(path: str, before: int) -> Iterator[Piece]:
        yield head
        while True:
            yield piece
            if wait:
                yield wait

    return script


def _repeated(make: Callable[[], bytes], *lines: str) -> Script:
    """A body that is made once, when it is asked for."""
    return lambda path, before: _raw(make(), f"Content-Length: {len(make())}", *lines)(path, before)


# Compressed: ten thousand times as much comes out


@cache
def _zeros(bits: int) -> bytes:
    """10 GB of zeros: the same megabyte ten thousand times. `bits` as zlib has them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    first = packer.compress(b"\0" * _MB) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b"\0" * _MB) + packer.flush(zlib.Z_FULL_FLUSH)
    return (first + again * 10_000)[: 9 * _MB]


@cache
def _brotli() -> bytes:
    import brotli

    packer = brotli.Compressor(quality=4)
    return b"".join(packer.process(b"\0" * (16 * _MB)) for _ in range(8)) + bytes(packer.finish())


@cache
def _zstd() -> bytes:
    try:
        from compression import zstd
    except ImportError:
        from backports import zstd
    return bytes(zstd.compress(b"\0" * (512 * _MB), level=1)) * 8


@cache
def _nested() -> bytes:
    return zlib.compress(_zeros(31), 9, 31)


@cache
def _layers() -> bytes:
    body = story(0).encode()
    for _ in range(500):
        body = zlib.compress(body, 1, 31)
    return body


def _encoded(make: Callable[[], bytes], name: str) -> Case:
    return Case(_repeated(make, f"Content-Encoding: {name}"))


# Text that is hard to read

_LAUGHS = (
    "<!DOCTYPE r [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)) + "]>"
)
_LONG = f"<!DOCTYPE r [<!ENTITY a '{'x' * 100_000}'>]>"
_OUTSIDE = "<!DOCTYPE r SYSTEM 'http://127.0.0.1:1/x.dtd' [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"


def _rss(head: str, text: str) -> bytes:
    return f"<?xml version='1.0'?>{head}<rss version='2.0'><channel><title>{text}</title><item><title>{text}</title><link>/news/van-0-stolen</link></item></channel></rss>".encode()


def _sitemap(head: str, text: str) -> bytes:
    return f"<?xml version='1.0'?>{head}<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{text}</loc></url></urlset>".encode()


@cache
def _links(size: int) -> bytes:
    return (
        b"<html><body><main><ul>"
        + b"".join(
            b"<li><a href='/news/a-story-of-%07d'>A story of Fenwold %d</a></li>" % (n, n) for n in range(size // 68)
        )
        + b"</ul></main></body></html>"
    )


@cache
def _short_links(size: int) -> bytes:
    return b"<main>" + b"".join(b"<a href=/news/%d>x" % n for n in range(size // 22))


def _noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def _text(make: Callable[[], bytes], places: tuple[str, ...] = PLACES, **wanted: str) -> Case:
    return Case(
        lambda path, before: [page(make())], {"robots": "ok", **wanted}, places, edits=wanted.get("story") == "ok"
    )


def _redirects(target: Callable[[int], str]) -> Script:
    def script(path: str, before: int) -> Iterable[Piece]:
        hop = int(path.rpartition("-")[2]) if path.rpartition("-")[2].isdecimal() else 0
        return [page("", f"Location: {target(hop)}", status="302 Found")]

    return script


def _paging(path: str, before: int) -> Iterable[Piece]:
    """Each page has stories nobody saw, and a next page."""
    number = int(path.rpartition("=")[2]) if "page=" in path else 1
    more = "".join(
        f"<li><h3><a href='/news/page-{number}-story-{n}'>Story {n} of page {number}</a></h3></li>" for n in range(2)
    )
    return [page(listing(f"{more}<a rel='next' href='/news/?page={number + 1}'>Next</a>"))]


def _index(path: str, before: int) -> Iterable[Piece]:
    parts = "".join(f"<sitemap><loc>/news/?post-sitemap-{n}.xml</loc></sitemap>" for n in range(20_000))
    return [
        page(
            f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>/news/</loc></sitemap>{parts}</sitemapindex>",
            kind="application/xml",
        )
    ]


def _cut(at: int) -> Case:
    """The first bytes of an honest answer, or all but the last."""
    return Case(lambda path, before: [honest(path)[: at if at >= 0 else len(honest(path)) + at]])


def _lengths(*lines: str, body: bytes | None = None) -> Script:
    """Another length than the body's."""

    def script(path: str, before: int) -> Iterable[Piece]:
        whole = honest(path).partition(b"\r\n\r\n")[2]
        return _raw(whole if body is None else body, *lines)(path, before)

    return script


CASES: dict[str, Case] = {
    "slow loris in the headers": Case(_endless(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.2), slow=True),
    "slow loris between headers": Case(_endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.2), slow=True),
    "slow loris in the body": Case(_endless(_HEAD + b"Content-Length: 100000\r\n\r\n", b"x", 0.2), slow=True),
    "slow loris in a body without length": Case(_endless(_HEAD + b"\r\n", b"x", 0.2), slow=True),
    "slow loris in chunks": Case(_endless(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.2), slow=True),
    "no answer at all": Case(_always(30.0), slow=True),
    "endless body": Case(_endless(_HEAD + b"\r\n", b"<p>x" * 16_384)),
    "endless chunks": Case(_endless(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n")),
    "endless empty lines": Case(_endless(b"", b"\r\n" * 4_096)),
    "endless status line": Case(_endless(b"HTTP/1.1 200 ", b"O" * 65_536)),
    "endless header": Case(_endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536)),
    "endless headers": Case(_endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more of it\r\n" * 1_000)),
    "endless trailers": Case(_endless(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-More: and more of it\r\n" * 1_000)),
    "endless extension of a chunk": Case(_endless(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;", b"x" * 65_536)),
    "endless 100 Continue": Case(_endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 500)),
    "endless 103 Early Hints": Case(_endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" * 500)),
    "10,000 headers": Case(_raw(b"", *(f"X-{n}: {n}" for n in range(10_000)))),
    "a header of 1 MB": Case(_raw(b"", "X: " + "x" * _MB)),
    "an ETag of 10 MB": Case(lambda path, before: _raw(b"", 'ETag: "' + "x" * (10 * _MB) + '"')(path, before)),
    "cookies of 10 MB": Case(lambda path, before: _raw(b"", *(f"Set-Cookie: c{n}={'x' * 4_000}; Domain=example.org" for n in range(2_500)))(path, before)),
    "a Content-Type of 6 KB": Case(lambda path, before: [page(story(0), kind="text/html; charset=" + "x" * 6_000)], OK | {"listing": "failed"}),
    "a Location of 20 KB": Case(_raw(b"", "Location: /" + "x" * 20_000, status="302 Found")),
    "a name of a header that is none": Case(_raw(b"", "X Y\x01: z")),
    "gzip bomb": _encoded(lambda: _zeros(31), "gzip"),
    "deflate bomb": _encoded(lambda: _zeros(15), "deflate"),
    "brotli bomb": _encoded(_brotli, "br"),
    "zstd bomb": _encoded(_zstd, "zstd"),
    "gzip bomb in gzip": _encoded(_nested, "gzip, gzip"),
    "gzip in gzip five hundred times": _encoded(_layers, ", ".join(["gzip"] * 500)),
    "gzip that is none": Case(_lengths("Content-Encoding: gzip")),
    "brotli that is none": Case(_lengths("Content-Encoding: br")),
    "zstd that is none": Case(_lengths("Content-Encoding: zstd")),
    "gzip cut in the middle": _encoded(lambda: zlib.compress(story(0).encode() * 3, 9, 31)[:150], "gzip"),
    "an encoding nobody knows": Case(_lengths("Content-Encoding: x-unknown"), OK),
    "XML bomb: a thousand million laughs": _text(lambda: _rss(_LAUGHS, "&a11;"), ("story", "listing")),
    "XML bomb: quadratic": _text(lambda: _rss(_LONG, "&a;" * 50_000), ("story", "listing")),
    "XML: an entity from outside": _text(lambda: _rss(_OUTSIDE, "x&a;"), ("story", "listing"), listing="ok"),
    "XML bomb in a sitemap": _text(lambda: _sitemap(_LAUGHS, "&a11;"), ("listing",)),
    "an XML that never closes, 9 MB": _text(lambda: b"<?xml version='1.0'?><rss><channel>" + b"<item>" * (9 * _MB // 6), ("story", "listing")),
    "1,000 redirects": Case(_redirects(lambda hop: f"/news/hop-{hop + 1}" if hop < 1_000 else "/news/van-1-stolen"), places=("story",)),
    "1,000 redirects of the listing": Case(_redirects(lambda hop: f"/news/hop-{hop + 1}" if hop < 1_000 else "/news/"), places=("listing",)),
    "redirect to itself": Case(_redirects(lambda hop: STORY_PATH), places=("story",)),
    "endless redirects to fresh addresses of robots.txt": Case(_redirects(lambda hop: f"/robots.txt?hop-{hop + 1}"), places=("robots",)),
    "redirect to no address": Case(_raw(b"", "Location: http://[::1", status="301 Moved")),
    "a length that is longer": Case(_lengths("Content-Length: 100000")),
    "a length that is shorter": Case(_lengths("Content-Length: 20")),
    "a negative length": Case(_lengths("Content-Length: -1")),
    "two lengths": Case(_lengths("Content-Length: 20", "Content-Length: 30")),
    "a length that is no number": Case(_lengths("Content-Length: many")),
    "a length of thirty digits": Case(_lengths("Content-Length: " + "9" * 30)),
    "a length beside chunks": Case(_lengths("Content-Length: 5", "Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n")),
    "chunks of no size": Case(_lengths("Transfer-Encoding: chunked", body=b"ZZ\r\nhello\r\n0\r\n\r\n")),
    "chunks of a negative size": Case(_lengths("Transfer-Encoding: chunked", body=b"-5\r\nhello\r\n0\r\n\r\n")),
    "chunks of 2^64 bytes": Case(_lengths("Transfer-Encoding: chunked", body=b"FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")),
    "chunks that say chunked twice": Case(_lengths("Transfer-Encoding: chunked, chunked", body=b"5\r\nhello\r\n0\r\n\r\n"), {"robots": "ok"}),
    "HTTP/0.9": Case(_always(b"<html><body><h1>Van 0 stolen</h1></body></html>")),
    "HTTP/9.9": Case(_always(b"HTTP/9.9 200 OK\r\nContent-Length: 5\r\n\r\nhello")),
    "status 99999": Case(_always(b"HTTP/1.1 99999 OK\r\nContent-Length: 5\r\n\r\nhello")),
    "status 000": Case(_always(b"HTTP/1.1 000 OK\r\nContent-Length: 5\r\n\r\nhello")),
    "noise": Case(_always(_noise(100_000))),
    "noise in a page": _text(lambda: _noise(500_000)),
    "TLS where there is none": Case(_always(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + _noise(500))),
    "another protocol": Case(_always(b"SSH-2.0-OpenSSH_9.9\r\n")),
    **{f"cut at byte {at}": _cut(at) for at in (0, 1, 9, 16, 40, 100, -200, -1)},
    "100 MB of links": Case(lambda path, before: [_HEAD + b"\r\n", *([_links(10 * _MB)] * 10)]),
    "9 MB of links": _text(lambda: _links(9 * _MB), ("story", "listing")),
    "400,000 links": _text(lambda: _short_links(9 * _MB), ("story", "listing")),
    "100,000 elements within each other": _text(lambda: b"<html><body>" + b"<div>" * 100_000 + story(0).encode()),
    "9 MB of elements within each other": _text(lambda: b"<html><body>" + b"<b>" * (3 * _MB)),
    "9 MB of one word": _text(lambda: b"<html><body><main><h1>x</h1><p>" + b"x" * (9 * _MB), story="ok"),
    "9 MB of opening brackets": _text(lambda: b"<" * (9 * _MB)),
    "9 MB of entities": _text(lambda: b"<html><body><p>" + b"&amp;" * (9 * _MB // 5)),
    "9 MB of attributes": _text(lambda: b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(900_000)) + b">"),
    "9 MB of comments": _text(lambda: b"<html><body>" + b"<!---->" * (9 * _MB // 7)),
    "9 MB of paragraphs": _text(lambda: b"<html><body><main><h1>Van 0 stolen in Fenwold</h1>" + b"<p>Officers appeal for witnesses.</p>" * (9 * _MB // 37), story="ok"),
    "9 MB of table": _text(lambda: b"<html><body><main><h1>Van 0 stolen in Fenwold</h1><table>" + b"<tr><td>x<td>y" * (9 * _MB // 14)),
    "9 MB of meta": _text(lambda: b"<html><head>" + b"<meta name=a content=b>" * (9 * _MB // 23)),
    "UTF-7": Case(lambda path, before: [page("+ADw-h1+AD4-x+ADw-/h1+AD4-" * 50, kind="text/html; charset=utf-7")], {"robots": "ok"}),
    "UTF-16 without a mark": Case(lambda path, before: [page(story(0).encode("utf-16-le"), kind="text/html")], {"story": "ok", "robots": "ok"}),
    "UTF-16 of odd length": Case(lambda path, before: [page(b"\xff\xfe" + b"<\x00h\x001\x00>", kind="text/html; charset=utf-16")], {"robots": "ok"}),
    "a charset nobody knows": Case(lambda path, before: [honest(path).replace(b"charset=utf-8", b"charset=klingon")], OK),
    "JSON 10,000 deep": _text(lambda: b'{"items":' + b"[" * 10_000 + b"]" * 10_000 + b"}"),
    "JSON of 9 MB of brackets": _text(lambda: b"[" * (9 * _MB)),
    "JSON with a number of a million digits": _text(lambda: b'{"items": [{"url": "/news/a-b-c", "id": ' + b"9" * _MB + b"}]}"),
    "JSON with numbers beyond all": _text(lambda: json.dumps({"items": [{"url": "/news/van-0-stolen", "date": 10**300}]}).encode().replace(b"}]", b', "x": 1e999999, "y": NaN}]')),
    "JSON in a page, 10,000 deep": _text(lambda: b"<script type='application/ld+json'>" + b"[" * 10_000 + b"</script>" + story(0).encode(), story="ok"),
    "endless paging": Case(_paging, places=("listing",)),
    "an index of sitemaps that names itself": Case(_index, places=("listing",)),
    "Retry-After of 1e308": Case(_raw(b"", "Retry-After: 1e308", "Content-Length: 0", status="503 Slow Down")),
    "Retry-After of 400 digits": Case(_raw(b"", "Retry-After: " + "9" * 400, "Content-Length: 0", status="429 Too Many"), {"listing": "degraded"}),
    "Retry-After of the year 9999": Case(_raw(b"", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", "Content-Length: 0", status="503 Slow Down"), {"listing": "degraded"}),
    "Retry-After before all time": Case(_raw(b"", "Retry-After: Mon, 01 Jan 0001 00:00:00 +2359", "Content-Length: 0", status="503 Slow Down")),
    "validators of 7 KB": Case(lambda path, before: [honest(path).replace(b"\r\n", b'\r\nETag: "' + b"x" * 7_000 + b'"\r\n', 1)], OK),
    "robots.txt of 9 MB": Case(lambda path, before: [page(b"User-agent: *\nDisallow: /a\n" * (9 * _MB // 27), kind="text/plain")], {"robots": "ok"}, ("robots",)),
    "robots.txt with patterns that take for ever": Case(lambda path, before: [page(b"User-agent: *\n" + b"".join(b"Disallow: /" + b"*n*e*w*s*-" * 40 + b"z$\n" for _ in range(1_000)), kind="text/plain")], {"robots": "ok"}, ("robots",)),
    "robots.txt with a delay beyond measure": Case(lambda path, before: [page("User-agent: *\nCrawl-delay: 1e308\n", kind="text/plain")], places=("robots",)),
    "robots.txt with rates of nothing": Case(lambda path, before: [page("User-agent: *\nRequest-rate: 0/0\nCrawl-delay: nan\nCrawl-delay: -1\nVisit-time: x\n", kind="text/plain")], {"robots": "ok"}, ("robots",)),
}  # fmt: skip
"""Verdicts were judged one by one: `OK` where nothing is lost, and where a page of another kind is no story."""

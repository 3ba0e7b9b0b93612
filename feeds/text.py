"""Texts and addresses as XML and feed readers can take them."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

# XML 1.0, 2.2: what a document may hold. One other character, and the whole feed is lost, not the entry. HTML forbids more
# (Infra, 4.5: noncharacters), and so do readers that parse what an entry holds.
_NOT_XML = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_NO_CHARACTER = re.compile(
    "[" + "".join(f"{chr((n << 16) + 0xFFFE)}{chr((n << 16) + 0xFFFF)}" for n in range(1, 17)) + "]"
)
_PARTING = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
# Letters of a page that somebody read by the wrong table: UTF-8 as Latin-1, and Windows' quotes as control characters.
_READ_WRONG = re.compile("[\xc2\xc3][\x80-\xbf]|\xe2[\x80-\xbf][\x80-\xbf]|[\x80-\x9f]")
_HOST = re.compile(r"[A-Za-z0-9.\-_~%:\[\]@]+")
_BARE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_URI_SAFE = "/?%:@!$&'()*+,;=~-._"


def xml_text(text: str) -> str:
    """The text as XML 1.0 and HTML can hold it: without control characters, lone surrogates, noncharacters. Those that part
    words become a blank, a sign for a lost letter a question mark, and letters that were read by a wrong table are put right.
    """
    text = _PARTING.sub(" ", text)
    text = _NO_CHARACTER.sub("", _NOT_XML.sub("", _READ_WRONG.sub(_put_right, text)))
    return text.replace("\ufffd", "?")


def _put_right(found: re.Match[str]) -> str:
    wrong = found[0]
    try:
        return wrong.encode("latin-1").decode("utf-8") if len(wrong) > 1 else wrong.encode("latin-1").decode("cp1252")
    except UnicodeDecodeError:
        return wrong


def one_line(text: str) -> str:
    """The text in one line, for titles, names and summaries: each stretch of white space is one blank."""
    return " ".join(xml_text(text).split())


def shortened(text: str, most: int) -> str:
    """The text, or its whole words up to `most` characters and an ellipsis."""
    if len(text) <= most:
        return text
    end = text.rfind(" ", most // 2, most)
    return text[: end if end > 0 else most - 1].rstrip() + "…"


def web_address(url: str | None) -> str | None:
    """The URL as an http(s) URI (RFC 3986): other letters percent-encoded, a host's in punycode. None for any other
    scheme and for what is no address: RSS takes no IRI, and a reader must never be handed a javascript: link.
    """
    try:
        parts = urlsplit(xml_text(url or "").strip())
        netloc = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or not _HOST.fullmatch(netloc):
        return None
    rest = (quote(_BARE_PERCENT.sub("%25", part), safe=_URI_SAFE) for part in parts[2:])
    return urlunsplit((parts.scheme, netloc, *rest))

"""What a text is once a browser or a feed reader has parsed it, and what of that could run a script or ask another host."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

_TEXT = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li", "a", "b", "code", "em"),
    *("i", "strong", "table", "thead", "tbody", "tr", "th", "td", "del", "ins"),
}  # fmt: skip
_PAGE = _TEXT | {
    *("html", "head", "body", "title", "meta", "link", "header", "main", "nav", "footer", "section", "article", "aside"),
    *("div", "span", "time", "form", "label", "input", "select", "option", "optgroup", "button", "fieldset", "legend"),
    *("details", "summary", "figure", "figcaption", "img", "caption", "dl", "dt", "dd", "mark", "small", "abbr", "colgroup"),
    *("col", "address", "svg", "use", "path", "rect", "circle", "g", "kbd", "cite", "search", "tfoot", "q", "s", "sup"),
}  # fmt: skip
_HEAD_ONLY = {"title", "meta", "link"}
_ADDRESSES = {"href", "src", "action", "formaction", "cite", "data", "poster", "background", "xlink:href", "srcset"}
_ATOM = "{http://www.w3.org/2005/Atom}"
_SCHEME = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-]*):")


def faults_of_html(text: str, *, own: str | None = None) -> list[str]:
    """What is in an HTML text that must not be. `own`: it is a page of the site that is served there, not a story's text."""
    if not text.strip():
        return []
    root = lxml_html.document_fromstring(text) if own is not None else lxml_html.fragment_fromstring(text, "div")
    return [fault for element in root.iter() for fault in _faults(element, root, own)]


def _faults(element: Any, root: Any, own: str | None) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield f"no element: {etree.tostring(element)[:80]!r}"
        return
    if element is not root and element.tag not in (_TEXT if own is None else _PAGE):
        yield f"<{element.tag}>"
    if element.tag in _HEAD_ONLY and own is not None and next(element.iterancestors("head", "svg"), None) is None:
        yield f"<{element.tag}> outside the head"
    for name, value in element.attrib.items():
        if name.lower().startswith("on") or name in ("style", "srcdoc", "formaction", "http-equiv"):
            yield f"{name}={value[:60]!r}"
        if name in _ADDRESSES and not _is_harmless(value):
            yield f"{name}={value[:60]!r}"
        if own is not None and (element.tag, name) in LOADING and not _is_own(value, own):
            yield f"asks another host: <{element.tag} {name}={value[:60]!r}>"


LOADING = {("img", "src"), ("use", "href"), ("form", "action"), ("input", "src")}


def _is_harmless(value: str) -> bool:
    scheme = _SCHEME.match(re.sub(r"[\t\n\r]", "", value))  # a browser leaves them out
    return scheme is None or scheme[1].lower() in ("http", "https", "mailto", "tel")


def _is_own(value: str, own: str) -> bool:
    return urlsplit(value).netloc in ("", urlsplit(own).netloc) and not value.startswith("//")


def faults_of_feed(data: bytes) -> list[str]:
    """Of an RSS or Atom document: whatever a reader shows as HTML, and each address."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    faults = []
    for element in root.iter():
        name = etree.QName(element).localname if isinstance(element.tag, str) else "?"
        text = element.text or ""
        if name in ("encoded", "content", "description") or (name == "summary" and element.get("type") == "html"):
            faults += faults_of_html(text)
        if name == "title" and not element.tag.startswith(_ATOM) and faults_of_html(text):
            faults.append(f"an RSS title with markup: {text[:60]!r}")
        if name in ("link", "comments", "url", "docs") and text.strip() and not _is_web(text):
            faults.append(f"<{name}>{text[:60]!r}")
        faults += [
            f"<{name} {key}={value[:60]!r}>"
            for key, value in element.attrib.items()
            if key in ("href", "url", "src") and not _is_web(value)
        ]
    return faults


def faults_of_json(data: bytes) -> list[str]:
    """Of a JSON answer: members that are named as HTML or as an address."""
    return list(_json_faults("", json.loads(data)))


def _json_faults(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _json_faults(key, each)
    elif isinstance(value, list):
        for each in value:
            yield from _json_faults(name, each)
    elif isinstance(value, str):
        if name == "html" or name.endswith("_html"):
            yield from (f"{name}: {fault}" for fault in faults_of_html(value))
        is_address = name in ("image", "icon", "address", "url") or name.endswith("_url")
        if is_address and not _is_web(value) and not value.startswith("/"):
            yield f"{name}: {value[:60]!r}"


def _is_web(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s<>\"]", value)

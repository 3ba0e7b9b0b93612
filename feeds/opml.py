"""The list of all feeds (OPML 2.0, http://opml.org/spec2.opml), by region and area: what a feed reader imports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from html import escape
from itertools import groupby

from lxml import etree

from feeds.definitions import Feed, changes_of, selected
from feeds.marked import is_marked
from feeds.names import ALL, KINDS, OPEN
from feeds.press import Press
from storage.regions import region_order

_AREAS = "Areas"  # those that no region is said of


def opml(press: Press, scopes: Mapping[str, Feed], updated: datetime) -> bytes:
    """The list. Each feed is listed once, as Atom, which says most; its RSS and JSON lie beside it."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "UK police news"
    etree.SubElement(head, "dateModified").text = format_datetime(updated, usegmt=True)
    etree.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    body = etree.SubElement(root, "body")
    if ALL in scopes:
        _add(body, press, ALL, scopes[ALL])
    areas = sorted(
        (scope for scope in scopes if scope != ALL),
        key=lambda scope: (region_order(scopes[scope].region), _region(scopes[scope]), scope),
    )
    for region, slugs in groupby(areas, key=lambda scope: _region(scopes[scope])):
        group = etree.SubElement(body, "outline", text=_said(region))
        for scope in slugs:
            _add(group, press, scope, scopes[scope])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _region(feed: Feed) -> str:
    return feed.region or _AREAS


def _add(parent: etree._Element, press: Press, scope: str, feed: Feed) -> None:
    group = etree.SubElement(parent, "outline", text=_said(feed.title))
    for each in (feed, changes_of(feed), *(selected(feed, selection) for selection in (OPEN, *KINDS))):
        attributes = {"text": _said(each.title), "title": _said(each.title), "type": "rss", "language": each.language}
        if each.home_url:
            attributes["htmlUrl"] = each.home_url
        etree.SubElement(group, "outline", attributes, xmlUrl=f"{press.base_url}/feeds/{each.name}.atom")


def _said(text: str) -> str:
    return escape(text, quote=False) if is_marked(text) else text

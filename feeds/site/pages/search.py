"""Search: the words, the filters, what was found, and its feeds."""

from __future__ import annotations

from feeds.site.pages.asking import Ask, Page


def search(ask: Ask) -> Page:
    """`/search?q=&area=&kind=&since=&until=&before=`"""
    raise NotImplementedError

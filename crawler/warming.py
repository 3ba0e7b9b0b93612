"""Imports whatever a crawl will need, for a process that crawls are forked from: of a crawl's time it is the larger part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from scrapy.utils.misc import load_object

import crawler
from crawler.children import options_adapter
from crawler.options import CrawlOptions
from crawler.run import project_settings

# They are for other commands, or act when they are imported.
_NOT = ("crawler.child", "crawler.commands", "crawler.probing", "crawler.sources")


def warm() -> None:
    """Imports the crawler's modules, and what Scrapy's settings name: both are otherwise imported when they are first used."""
    for found in walk_packages(crawler.__path__, "crawler."):
        if not found.name.startswith(_NOT):
            import_module(found.name)
    for name in _named(dict(project_settings(CrawlOptions()))):
        load_object(name)
    options_adapter()


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(("scrapy.", "crawler.")) and value.rpartition(".")[2][:1].isupper():
            yield value
    elif isinstance(value, Mapping):
        for part in (*value.keys(), *value.values()):
            yield from _named(part)

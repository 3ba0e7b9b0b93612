"""The readers by name: one class a website platform. Loaded on use, because an entry is checked against the names alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.entries import SourceEntry
    from crawler.readers.base import Reader

READERS = {
    "generic": ("crawler.readers.generic", "GenericReader"),
    "single_online_home": ("crawler.readers.single_online_home", "SingleOnlineHomeReader"),
    "mynewsdesk": ("crawler.readers.mynewsdesk", "MynewsdeskReader"),
    "govuk": ("crawler.readers.govuk", "GovukReader"),
    "wordpress": ("crawler.readers.wordpress", "WordPressReader"),
    "drupal": ("crawler.readers.drupal", "DrupalReader"),
    "umbraco": ("crawler.readers.umbraco", "UmbracoReader"),
    "sharepoint": ("crawler.readers.sharepoint", "SharePointReader"),
    "prgloo": ("crawler.readers.prgloo", "PrglooReader"),
    "joomla": ("crawler.readers.joomla", "JoomlaReader"),
    "guid_newsroom": ("crawler.readers.guid_newsroom", "GuidNewsroomReader"),
}


def canonical_reader_name(name: str) -> str:
    """Hyphens and capitals do not matter: 'Single-Online-Home' is 'single_online_home'."""
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def make_reader(entry: SourceEntry, name: str | None = None) -> Reader:
    """The entry's reader, or another one by name. Raises `KeyError` for a name that is not in `READERS`."""
    module, cls = READERS[canonical_reader_name(name or entry.reader)]
    reader: Reader = getattr(import_module(module), cls)(entry)
    return reader

"""Joomla, as the National Crime Agency seems to run it: any of its lists answers as RSS with ?format=feed&type=rss."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader


class JoomlaReader(GenericReader):
    """Joomla prints 'Published: 12 March 2026', 'Hits: 51' and 'Category: News' around a story where nobody turned them off."""

    name: ClassVar[str] = "joomla"
    not_news: ClassVar[str | None] = r"/(?:component|administrator|tag|author)(?:/|$)"
    furniture: ClassVar[tuple[str, ...]] = (
        r"hits: \d+",
        r"category: .{1,60}",
        r"parent category: .{1,60}",
        r"written by:? .{1,60}",
        r"(?:prev|next)(?:ious)?(?: article: .+)?",
    )

"""Mynewsdesk newsrooms: the article's key is the number at the end of its URL; <title> is cut, og:title is whole."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader


class MynewsdeskReader(GenericReader):
    """'Mar 31, 2021 20:10 BST' is the first line of an article; 'Media enquiries only' opens what follows it."""

    name: ClassVar[str] = "mynewsdesk"
    article_path: ClassVar[str | None] = r"/(?:news|pressreleases|blog_posts|stories)/[^/?]+-\d+$"
    furniture: ClassVar[tuple[str, ...]] = (
        r"media enquiries only\b.*",
        r"show more",
        r"related links?",
        r"topics",
        r"categories",
    )

"""PRgloo newsrooms, as British Transport had one until 2021: /r/{id}/{slug cut at 50 letters}. The number is the key."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader


class PrglooReader(GenericReader):
    """A kicker ('Appeal', 'Court Result') comes first; pictures bring 'View | Download (JPG - 14 KB)' below their titles."""

    name: ClassVar[str] = "prgloo"
    article_path: ClassVar[str | None] = r"/r/\d+/[^/]+/?$"
    furniture: ClassVar[tuple[str, ...]] = (
        r"view \| download\b.{0,40}",
        r"download (?:all )?(?:images?|assets?|documents?)",
        r"contact information",
    )

"""WordPress, as Avon and Somerset and North Yorkshire (before 2021) run it."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader


class WordPressReader(GenericReader):
    """'Posted at 09:48 on 12th August 2020' is local time; the meta time is UTC and has no seconds."""

    name: ClassVar[str] = "wordpress"
    not_news: ClassVar[str | None] = r"/(?:category|tag|author|wp-content|wp-admin|page|feed)(?:/|$)"
    furniture: ClassVar[tuple[str, ...]] = (
        r"there (?:is|are) (?:\d+|no|one) related updates? to this story",
        r"leave a (?:reply|comment)",
    )

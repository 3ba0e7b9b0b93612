"""Umbraco, as Lancashire and Scotland seem to run it. The product is inferred from paths, so nothing here depends on it."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader


class UmbracoReader(GenericReader):
    """Articles lie in folders of year and month; the story's first line is the day, in US order or after 'Published', or none."""

    name: ClassVar[str] = "umbraco"
    article_path: ClassVar[str | None] = r"/news/20\d\d/[^/]+/[^/]+/?$"
    not_news: ClassVar[str | None] = r"/(?:media|umbraco|App_Plugins)(?:/|$)"
    furniture: ClassVar[tuple[str, ...]] = (r"news image",)

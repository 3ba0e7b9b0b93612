"""SharePoint, as Durham ran it until 2021: pages are files below /Pages/, with labels for their editors hidden in the text."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader


class SharePointReader(GenericReader):
    """'26/03/2019' stands in a heading of its own below the headline. 'Page Image' and 'Page Content' name the fields of the form."""

    name: ClassVar[str] = "sharepoint"
    article_path: ClassVar[str | None] = r"/Pages/[^/]+\.aspx$"
    not_news: ClassVar[str | None] = (
        r"/(?:_layouts|_catalogs|Lists|Forms|SiteAssets|PublishingImages)(?:/|$)|/Pages/default\.aspx$"
    )
    furniture: ClassVar[tuple[str, ...]] = (
        r"(?:left |right )?page (?:image|content|title|date)",
        r"article (?:image|content|date|byline)",
    )

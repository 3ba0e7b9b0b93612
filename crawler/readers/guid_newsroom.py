"""The newsroom that Dorset and Devon and Cornwall share; its product is unknown. /news-article/{guid}: the guid is the key, in no order."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader
from crawler.readers.headline import Headline
from crawler.readers.layout import Layout, Weigher
from crawler.readers.page import Page
from crawler.readers.story import Story
from crawler.text import fold

_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class GuidNewsroomReader(GenericReader):
    """The text starts with the headline again. Where the date stands is not known; a labelled one is found anywhere."""

    name: ClassVar[str] = "guid_newsroom"
    article_path: ClassVar[str | None] = rf"/news-article/{_GUID}/?$|/news-information/article/\d+/?$"
    furniture: ClassVar[tuple[str, ...]] = (
        r"author id: ?\d+",
        r"image gallery:?",
    )

    def story(self, page: Page, weigher: Weigher, head: Headline, layout: Layout) -> Story:
        """Without the headline at its start, and without the headings of what stood below it: 'Can you help?' of a form."""
        story = super().story(page, weigher, head, layout)
        if len(story.blocks) > 1 and fold(story.blocks[0].plain) == fold(head.text):
            del story.blocks[0]
        while len(story.blocks) > 1 and story.blocks[-1].level:
            del story.blocks[-1]
        return story

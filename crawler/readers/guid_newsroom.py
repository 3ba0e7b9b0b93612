"""The newsroom that Dorset and Devon and Cornwall share; its product is unknown. /news-article/{guid}: the guid is the key, in no order."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader

_GUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class GuidNewsroomReader(GenericReader):
    """The text starts with the headline again. Where the date stands is not known; a labelled one is found anywhere."""

    name: ClassVar[str] = "guid_newsroom"
    article_path: ClassVar[str | None] = rf"/news-article/{_GUID}/?$|/news-information/article/\d+/?$"
    furniture: ClassVar[tuple[str, ...]] = (
        r"author id: ?\d+",
        r"image gallery:?",
    )

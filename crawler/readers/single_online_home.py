"""Single Online Home: one build for some 37 forces. Its HTML was never seen, so nothing here hangs on a name in it.

On the page category words come first, then 'HH:MM DD/MM/YYYY' alone on its line, then a flag, then the story. og:title can be
another, older headline than the one shown; the printed time is "last published" and local time.
"""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader


class SingleOnlineHomeReader(GenericReader):
    """Articles anywhere below /news/{area}/, at any depth."""

    name: ClassVar[str] = "single_online_home"
    not_news: ClassVar[str | None] = (
        r"/(?:police-forces|advice|contact|foi-ai|ro/report|tua|hyg|cp|SysSiteAssets|news-search)(?:/|$)"
    )
    furniture: ClassVar[tuple[str, ...]] = (
        r"(?:issued|posted)(?: by)?\W{1,3}(?:.{0,60}(?:corporate communication|communications officer).{0,6}|[a-z]{2,3}\.?)",
        r"[a-z]{2,3}, corporate communications?\.?",
    )

"""What stands behind the links of menus and footers: pages of the site that are no news and have no date."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from forcewire.demo.articles import NewsArticle
from forcewire.demo.furniture import menu_links

_HREF = re.compile(r'href="(/[^"?#]{2,})"')
_TEXT = (
    "<p>This page tells you what we do, how to reach us and what happens after you have been in touch.</p>"
    "<h2>In an emergency</h2><p>Call 999 if somebody is in danger or a crime is happening now. If you cannot speak, press 55.</p>"
    "<h2>If it is not urgent</h2><ul><li>call 101</li><li>use one of our online forms</li><li>visit a front counter</li></ul>"
)


@cache
def landing_paths(kind: str) -> frozenset[str]:
    """The paths that a kind's furniture links to."""
    template = (files("forcewire.demo.pages") / "templates" / f"{kind}.html").read_text("utf-8")
    return frozenset(_HREF.findall(template + (menu_links("menu") if kind == "single_online_home" else "")))


def landing_page(kind: str, path: str) -> NewsArticle | None:
    """The page behind a furniture link, or None."""
    if path not in landing_paths(kind):
        return None
    words = re.sub(r"\.aspx$", "", path.strip("/").rsplit("/", 1)[-1]).replace("-", " ").replace("_", " ")
    return NewsArticle(path, words[:1].upper() + words[1:], _TEXT, date_string="")

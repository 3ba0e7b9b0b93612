"""A story's text as a part of a page: its headings below the page's own, and nothing in it that a screen reader stumbles over."""

from __future__ import annotations

import re
from itertools import count

from markupsafe import Markup

from feeds.html import to_html

_HEADING = re.compile(r"<(/?)h([1-6])>")
_NOTHING = re.compile(r"<(a|h[1-6]|li|strong|em|b|i)(?: [^>]*)?>\s*</\1>")
_EMPTY_HEAD = re.compile(r"<th>\s*</th>")
_LOWEST = 6


def body_html(markdown: str, url: str, *, below: int = 1) -> Markup:
    """Sanitised HTML (`feeds.html`) whose headings begin one below the level `below` and leave out none."""
    found, before = to_html(markdown, url), ""
    while found != before:
        before, found = found, _NOTHING.sub("", found)
    numbers = count(1)
    found = re.sub(
        "<table>",
        lambda _: f'<div class="wide" role="region" tabindex="0" aria-label="Table {next(numbers)}"><table>',
        _EMPTY_HEAD.sub("<td></td>", found).replace("<th>", '<th scope="col">').replace("</table>", "</table></div>"),
    )
    return Markup(_lowered(found, below))


def _lowered(found: str, below: int) -> str:
    """Each heading one level below the nearest one before it that is higher, as an outline is."""
    open_levels: list[int] = []

    def level(match: re.Match[str]) -> str:
        if not match[1]:
            given = int(match[2])
            while open_levels and open_levels[-1] >= given:
                open_levels.pop()
            open_levels.append(given)
        return f"<{match[1]}h{min(below + len(open_levels), _LOWEST)}>"

    return _HEADING.sub(level, found)

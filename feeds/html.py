"""An article's Markdown as HTML that a stranger's feed reader may show."""

from __future__ import annotations

import html
from functools import cache
from urllib.parse import urljoin, urlsplit

import nh3
from markdown_it import MarkdownIt

from feeds.text import one_line, shortened, xml_text

# libxml2 refuses a text of more than 10 MB, and with it the whole feed. The longest of 50,000 real stories has 134,000
# characters, most of them a table.
MOST_BODY = 150_000
MOST_HTML = 2_000_000
MOST_EXCERPT = 300

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li"),
    *("a", "b", "code", "em", "i", "strong", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


@cache
def _markdown() -> MarkdownIt:
    # Link definitions are off: a line "[1]: ..." of a story must stay, and one long definition used a thousand times
    # would grow a small story into hundreds of megabytes.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("reference")


def to_html(markdown: str, base_url: str) -> str:
    """Sanitised HTML: text marks, lists, quotes, tables and links; no picture, script, style or form. Relative links
    are resolved against `base_url`. A body beyond `MOST_BODY` characters ends with a link to the source.
    """
    text = _cut(xml_text(markdown), base_url)
    rendered = _markdown().render(text)
    if len(rendered) > MOST_HTML:
        rendered = f"<p>{html.escape(text)}</p>"

    def absolute(tag: str, attribute: str, value: str) -> str | None:
        return _absolute(base_url, value) if attribute == "href" else value

    clean = nh3.clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, attribute_filter=absolute)
    return xml_text(clean).strip()


def _absolute(base_url: str, href: str) -> str | None:
    try:
        url = urljoin(base_url, href.strip())
        return url if urlsplit(url).scheme in _SCHEMES else None
    except ValueError:
        return None


def _cut(markdown: str, base_url: str) -> str:
    if len(markdown) <= MOST_BODY:
        return markdown
    end = markdown.rfind("\n\n", 0, MOST_BODY)
    return f"{markdown[: end if end > 0 else MOST_BODY]}\n\n[This story goes on at its source.](<{base_url}>)"


def excerpt(content: str) -> str:
    """The first words of an HTML text, without its marks."""
    return shortened(one_line(html.unescape(nh3.clean(content[: 20 * MOST_EXCERPT], tags=set()))), MOST_EXCERPT)

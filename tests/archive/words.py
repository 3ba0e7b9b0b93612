"""Text as a person would read it off a page: from the archive's Markdown back to HTML, and from either to words."""

from __future__ import annotations

import html
import re
from functools import cache

from markdown_it import MarkdownIt

_BLOCK = re.compile(r"<(/?)(?:p|li|h\d|div|blockquote|ul|ol|br|hr|tr|td|th|table|thead|tbody|pre)\b[^>]*>")
_TAG = re.compile(r"</?[a-z][^>]*>")
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_STRONG = re.compile(r"\*\*+(?!\*)(\s*[^*\s][^*]*?)\*\*+")
_EM = re.compile(r"(?<![\w_])_(\s*[^_\s][^_]*?)_(?![\w_])")
_WORD = re.compile(r"[^\W_]+")


@cache
def _blocks() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": True})
    return parser.enable(["heading", "list", "hr", "blockquote", "escape", "html_inline", "newline", "entity"])


@cache
def _full() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def page_html(markdown: str) -> str:
    """What html2text was given, as nearly as its Markdown tells. Its emphasis is not CommonMark's: `** 12 **` is bold."""
    marked = []
    for line in markdown.split("\n"):
        text = (
            html.escape(line, quote=False).replace("&gt;", ">", 1)
            if line.startswith(">")
            else html.escape(line, quote=False)
        )
        text = _STRONG.sub(r"<strong>\1</strong>", text)
        text = _EM.sub(r"<em>\1</em>", text)
        if not re.fullmatch(r"\s*\* \* \*\s*", text):
            text = re.sub(r"\*\*\s*\*\*", "<strong> </strong>", text).replace("**", "")
        marked.append(text)
    return str(_blocks().render("\n".join(marked))).strip()


def plain_text(page: str) -> str:
    """The text between tags, a line a block."""
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n", page)))
    return "\n".join(line for raw in text.split("\n") if (line := " ".join(_UNSEEN.sub("", raw).split())))


def markdown_text(markdown: str) -> str:
    """The text of a stored body, rendered as a reader of it would: what was not escaped shows."""
    return plain_text(str(_full().render(markdown)))


def words(text: str) -> list[str]:
    """Letters and digits in runs, in small letters."""
    return _WORD.findall(text.lower())


def one_line(text: str | None) -> str | None:
    """Without what cannot be seen, white space evened out."""
    return None if text is None else " ".join(_UNSEEN.sub("", text).split())

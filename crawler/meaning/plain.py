"""A body of Markdown as the words a reader sees: what references, operations, kinds and sensitive stories are looked for in."""

from __future__ import annotations

import re
from functools import lru_cache

# A link's target is cut: numbers in addresses are no references.
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\((?:<[^<>\n]{0,2000}>|[^()\s]{0,2000})\)")
_ADDRESS = re.compile(r"(?:https?:|www\.)[^\s<>]{0,2000}")
_MARKS = re.compile(r"[*_]+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STAR, _LINE = "\ue000", "\ue001"
_EVENED = {
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u200b": "",
    "\ufeff": "",
    "\u00ad": "",
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2013": "-",
    "\u2014": "-",
    "\u2010": "-",
    "\u2011": "-",
}


@lru_cache(maxsize=4)  # one story is asked for several things in a row
def plain(text: str) -> str:
    """Text without marks, escapes, link targets and addresses; quotes, dashes and blanks in their ASCII form."""
    if not text.isascii():
        for odd, usual in _EVENED.items():
            text = text.replace(odd, usual)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "http" in text or "www." in text:
        text = _ADDRESS.sub("", text)
    escaped = "\\" in text
    if escaped:
        text = text.replace("\\*", _STAR).replace("\\_", _LINE)
    text = text.replace("**", "").replace("__", "")
    if "*" in text or "_" in text:
        text = _MARKS.sub(_emphasis, text)
    if escaped:
        text = _ESCAPE.sub(r"\1", text.replace(_STAR, "*").replace(_LINE, "_"))
    return text


def _emphasis(marks: re.Match[str]) -> str:
    """Emphasis stands beside a word, never inside a number: '20*123456' and '0196_I_16012021' keep theirs."""
    start, end = marks.span()
    text = marks.string
    inside = start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()
    return marks[0] if inside else ""

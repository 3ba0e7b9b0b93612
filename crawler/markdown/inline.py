"""One line of Markdown: runs of text with their style, and the marks of Markdown that the text itself holds, escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.text import printable

_SPACE = re.compile(r"[ \t\r\n\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_MARKS = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|~~")
_MAY_MARK = re.compile(r"[\\`*\[\]<_&~]")
_LINE_START = re.compile(r"#{1,6}|>|[-+](?=\s|$)|[-:]+(?=[\s|:-]*$)|={1,}(?=\s*$)|\d{1,9}(?=[.)](?:\s|$))|~{3,}|\|")
HEADING_END = re.compile(r"(?:^|(?<= ))#(?=#*$)")
_BANG_LINK = re.compile(r"(?<!\\)!(?=\[)")
_STOPS_BEFORE = re.compile(r"(?:\\.|[^\w\s\\\[])+\s*")
_STOPS_AFTER = re.compile(r"\s*(?:\\.|[^\w\s\\])+$")


@dataclass(slots=True)  # not frozen: a page makes hundreds, and freezing is half of what one costs
class Run:
    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None


def escape(text: str) -> str:
    """Text with Markdown's inline marks escaped."""
    return _MARKS.sub(lambda m: "\\" + m[0], text) if _MAY_MARK.search(text) else text


def escape_line(text: str) -> str:
    """A line that cannot be taken for a heading, list item, quote or rule: '#OpSceptre', '1. x', '- x', '===='."""
    found = _LINE_START.match(text)
    if not found:
        return text
    return f"{text[: found.end()]}\\{text[found.end() :]}" if found[0][0].isdigit() else "\\" + text


def _spaced(text: str) -> str:
    """Text with one blank for each run of white space but line ends."""
    if text.isprintable() and "  " not in text:  # the blank is the only white space that counts as printable
        return text
    return _SPACE.sub(" ", printable(text))


def evened(runs: list[Run]) -> list[Run]:
    """Runs of one line with white space evened across them, and neighbours of one style joined."""
    if len(runs) == 1:
        run = runs[0]
        text = _spaced(run.text).strip(" ")
        return [Run(text, run.bold, run.italic, run.href)] if text else []
    out: list[Run] = []
    for run in runs:
        text = _spaced(run.text)
        if not out or out[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            continue
        style = (run.bold, run.italic, run.href)
        if out and (text == " " or style == (out[-1].bold, out[-1].italic, out[-1].href)):
            last = out[-1]
            out[-1] = Run(last.text + text, last.bold, last.italic, last.href)
        elif out and not out[-1].text.strip():
            out[-1] = Run(out[-1].text + text, *style)
        else:
            out.append(Run(text, *style))
    if out:
        last = out[-1]
        text = last.text.rstrip(" ")
        out = [*out[:-1], Run(text, last.bold, last.italic, last.href)] if text else out[:-1]
    return out


def inline(runs: list[Run]) -> str:
    """One line of Markdown. Bold spans its links and italics, so that '**a [b](c) d**' is one stretch."""
    out = ""
    n = 0
    while n < len(runs):
        end = n + 1
        if runs[n].bold:
            while end < len(runs) and runs[end].bold:
                end += 1
        after = runs[end].text[:1] if end < len(runs) else ""
        if runs[n].bold:
            marked = _marked(_styled(runs[n:end], "*", "*"), "**", out[-1:], after, runs[n : end : max(end - n - 1, 1)])
            out += marked or _styled(runs[n:end], out[-1:], after)
        else:
            out += _styled(runs[n:end], out[-1:], after)
        n = end
    return _BANG_LINK.sub(r"\\!", out.strip()) if "![" in out else out.strip()


def _styled(runs: Sequence[Run], before: str, after: str) -> str:
    """Runs with italics and links; `before` and `after` are the characters around them."""
    out = ""
    for k, run in enumerate(runs):
        out += _plain_run(run, runs[k + 1].text[:1] if k + 1 < len(runs) else after, out[-1:] or before)
    return out


def _plain_run(run: Run, after: str, before: str) -> str:
    core = run.text.strip(" ")
    if not core:
        return run.text
    head = run.text[: len(run.text) - len(run.text.lstrip(" "))]
    tail = run.text[len(run.text.rstrip(" ")) :]
    text = escape(core)
    if run.italic:
        around = ("[", "]") if run.href else (head or before, tail or after)
        text = _marked(text, "_", *around) or text
    if run.href:
        text = f"[{text}]({_destination(run.href)})"
    return head + text + tail


def _marked(text: str, mark: str, before: str, after: str, ends: Sequence[Run] = ()) -> str:
    """Text between marks of emphasis that CommonMark will read as such: never beside a blank inside, nor between a stop and a
    letter. Empty where no such marks can stand. `ends` are the first and last run, whose own marks cannot be cut.
    """
    core = text.strip(" ")
    head, tail = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    if not head and _letter(before):
        if ends and (ends[0].href or ends[0].italic):
            return ""
        if stop := _STOPS_BEFORE.match(core):
            head, core = stop[0], core[stop.end() :]
        mark = "*" if mark == "_" and not head else mark
    if not tail and _letter(after):
        if ends and (ends[-1].href or ends[-1].italic):
            return ""
        if stop := _STOPS_AFTER.search(core):
            core, tail = core[: stop.start()], stop[0]
        mark = "*" if mark == "_" and not tail else mark
    beside = (not head and before == "*") or (mark == "*" and not tail and after == "*")
    if not any(c.isalnum() for c in core) or (mark != "_" and beside):
        return ""
    return f"{head}{mark}{core}{mark}{tail}"


def _letter(char: str) -> bool:
    """Whether a character beside a mark of emphasis is neither blank nor punctuation, as CommonMark counts them."""
    return char != "" and not char.isspace() and unicodedata.category(char)[0] not in "PS"


def _destination(href: str) -> str:
    href = href.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20").replace("\n", "").replace("\\", "%5C")
    return f"<{href}>" if "(" in href or ")" in href else href

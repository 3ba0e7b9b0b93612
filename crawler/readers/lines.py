"""Lines among a story's paragraphs that their own words give away: labels, bylines, credits, the beginning of comments."""

from __future__ import annotations

import re

from crawler.markdown import Block

_STOPS = (".", "!", "?", ":", "…", '."', '!"', '?"', ".”", "!”", "?”", ".’", "”", "。", "！", "？", "」")
_COMMENTS = re.compile(
    r"\W*(?:(?:\d+\W+)?(?:reader|visitor|user|your|all|view|show|latest)\W?s? comments|\d+\W{1,4}(?:comments?|comentarios?|commentaires?|kommentare?)\b.{0,50}"
    r"|comments \(?\d+\)?|(?:join the (?:discussion|conversation)|leave a (?:comment|reply)|post a comment|have your say|add your comment)\b.{0,60}"
    r"|blog comments powered by .{3,30})\W*",
    re.I,
)
_BY = re.compile(r"\W*(?i:by|text by|posted by|written by):? (?:the )?[^\W\d_a-z][^.!?:;]{1,60}")
_LABEL = re.compile(
    r"\W*(?:advertise?ments?|advert|sponsored|publicité|publicidad|anzeige|werbung|reklama|(?:story|article) continues below(?: ad.{0,12})?"
    r"|scroll (?:down )?(?:to|for) .{3,30}|(?:\d{1,6}|no) (?:comments?|replies)(?: yet)?|(?:click here to )?read or share this story.{0,80}|loading\W*)\W*",
    re.I,
)
_ELSEWHERE = re.compile(
    r"\W*(?:read (?:more|also|next)|also read|related(?: (?:story|stories|article|news))?|recommended|don.t miss)\s*[:|–—-].+",
    re.I,
)
_CREDIT = re.compile(
    r"(?:.{0,80}(?:[/|(]|via |by |photo(?:graph)?s?:? ?|image:? ?|credit:? ?|courtesy(?: of)? ) ?)?(?:getty(?: images)?|reuters|afp|shutterstock|alamy|istock)\b.{0,40}",
    re.I,
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:.]\d\d(?!\d)")
_COPYRIGHT = re.compile(r".{0,60}©.*|.{0,40}copyright \W?\d{4}.*", re.I)


def is_prose(block: Block) -> bool:
    """Whether a block is a sentence rather than a label or a link."""
    if block.level or 2 * block.link_chars > len(block.plain):
        return False
    text = block.plain.rstrip()
    return len(text) >= 80 or (len(text) >= 25 and text.endswith(_STOPS))


def is_label(block: Block) -> bool:
    """Whether a line is a template's own: an advertisement's, an agency's below a picture, a pointer to another story."""
    text = block.plain.strip()
    if len(text) > 160:
        return False
    if _LABEL.fullmatch(text) or (2 * block.link_chars > len(text) and _ELSEWHERE.fullmatch(text)):
        return True
    return len(text) < 90 and not text.endswith(".") and _CREDIT.fullmatch(text) is not None


def is_byline(text: str) -> bool:
    """Whether a line says who wrote a story: "By Jane Writer, crime correspondent"."""
    return len(text) < 70 and _BY.fullmatch(text.strip()) is not None


def is_comments(text: str) -> bool:
    """Whether a line says that comments begin: "5 comments", "Join the conversation"."""
    return len(text) < 90 and _COMMENTS.fullmatch(text.strip()) is not None


def is_copyright(text: str) -> bool:
    """Whether a line only says whose text it is."""
    return len(text) < 250 and _COPYRIGHT.fullmatch(text.strip()) is not None


def has_clock(text: str) -> bool:
    """Whether a line gives a time of day: "Šodien, 17:40"."""
    return _CLOCK.search(text) is not None

"""Lines that stand on a page but are no part of a story: known by their own words, on whatever element they are printed.

The lists are what UK force sites print. A line must match as a whole, so that a sentence of a story never goes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LINES = [
    # Chrome of Single Online Home, above every story.
    r"quickly exit this site by pressing the escape key.*", r"(?:leave|exit) (?:this )?site(?: now| quickly)?", r"we use some essential cookies.*",
    r"you can manage your (?:preferences and )?cookie (?:settings|preferences).*", r"you can manage your preferences and cookie settings.*",
    r"your cookie preferences have been saved.*", r"sorry,? there was a technical problem.*", r"this site is a beta,? which means.*", r"thank you for trying (?:our |the )?'?beta'?.*",
    r"skip to (?:main )?(?:content|navigation|search|footer).*", r"show me the site", r"search this (?:web)?site", r"main article content", r"current timestamp.*", r"\[missing text .*\]",
    r"gallwch adael y wefan hon.*", r"rydym yn defnyddio rhai cwcis.*", r"gallwch reoli eich dewisiadau.*", r"mae eich dewisiadau cwcis.*", r"mae.n ddrwg gennym,? roedd problem dechnegol.*",
    r"diolch am roi cynnig ar.*", r"accept (?:all )?(?:additional )?cookies", r"reject (?:all )?(?:additional )?cookies", r"(?:view|manage|change) cookies?(?: settings| preferences)?", r"hide this message",
    # Tools around a story.
    r"share (?:this )?(?:page|article|story|post|news|by e-?mail|on .{2,20}|via .{2,20}|with .{2,20})?:?", r"share:?", r"print(?: this)?(?: page| article)?", r"e-?mail (?:this )?(?:page|to a friend)",
    r"(?:facebook|twitter|x|linkedin|whatsapp|instagram|youtube|email|e-mail|copy link|tweet|like|pinterest|reddit)(?: \(opens in a new (?:window|tab)\))?", r"follow us(?: on .*)?",
    r"back to (?:top|news|all news|latest news|previous page)", r"return to (?:news|top)", r"(?:previous|next)(?: news| article| story| post)?(?: [»›>→])?", r"[«‹<←] (?:previous|back).*", r"show more", r"read more",
    r"is there a problem with this page.*", r"is this page useful.*", r"was this page helpful.*", r"report a problem with this page", r"(?:maybe|yes|no)(?: this page is (?:not )?useful)?",
    r"you are here:?.*", r"home(?: [»›>/] .*)+", r"view \| download(?: \(.*\))?", r"download(?: \(?.{0,40}(?:jpe?g|png|pdf).*\)?)?", r"view all \d+ images?", r"more images from this story", r"page image", r"page content", r"left page content",
    # GOV.UK.
    r"(?:last )?updated .{4,40} [—–-] see all updates", r"see all updates", r"from:", r"added to .{0,10}this page",
    # Other sites of forces.
    r"there (?:is|are) (?:\d+|no|one) related updates? to this story", r"updated news post", r"breaking news post", r"author id: ?\d+", r"media enquiries only\b.*", r"share by e-?mail",
    r"make a report call 101 now", r"notes? for editors? only", r"ends",
    r"©.*", r"copyright(?: ©)?(?: \d{4})?.{0,60}", r"all rights reserved.*", r"privacy (?:notice|policy)", r"accessibility(?: statement)?", r"terms (?:and conditions|of use)", r"contact us", r"sitemap", r"cookies",
]  # fmt: skip
_FURNITURE = re.compile(r"[\W_]*(?:" + "|".join(_LINES) + r")[\W_]*", re.I)
_END = re.compile(
    r"[\W_]*(?:related (?:news|stories|articles|updates|content|links?|pages|posts|topics)|(?:more|latest|other|recent|further|previous) (?:news|stories|articles|appeals|headlines|posts|updates)(?: stories| articles)?"
    r"|you (?:may|might) also (?:like|be interested in)|read (?:more|next)|more from .{3,40}|most (?:read|viewed|popular)|also in the news|in other news|what.s new|popular (?:stories|news)|similar (?:stories|articles|news)"
    r"|explore the topic|share this (?:page|article|story)|latest from .{3,40}|topics|tags|categories|filed under|recommended)[\W_]*",
    re.I,
)
_CATEGORIES = re.compile(
    r"[\W_]*(?:(?:latest |force |local |policing |breaking )?news(?: stor(?:y|ies)| article| and appeals| & appeals)?|(?:local |witness |news )?appeals?(?: for information)?|wanted|missing(?: people| persons?)?|most wanted|in court|court (?:results?|news|cases?)"
    r"|brought to justice|campaigns?|events?|statements?|updates?|press releases?|media releases?|safer neighbourhoods?(?: team)?|op(?:eration)? [a-z]+|caught on camera|features?|crime|newyddion|apeliadau|announcements?|blog(?: posts?)?|good news)[\W_]*",
    re.I,
)
_DATED_LINK = re.compile(r"[\W_]*\d{1,2} [A-Z][a-z]{2,8} (?:19|20)\d\d\W.{5,}")


def is_furniture(text: str, extra: Sequence[re.Pattern[str]] = ()) -> bool:
    """Whether a whole line is page furniture, by the lists here or by the entry's own patterns."""
    if len(text) > 400:
        return False
    return _FURNITURE.fullmatch(text) is not None or any(pattern.fullmatch(text.strip()) for pattern in extra)


def is_end(text: str) -> bool:
    """Whether a line introduces what follows a story: related news, share links."""
    return len(text) < 80 and _END.fullmatch(text) is not None


def is_category(text: str) -> bool:
    """Whether a line is a category word as forces print it between headline and date."""
    return len(text) < 60 and _CATEGORIES.fullmatch(text) is not None


def is_dated_link(text: str) -> bool:
    """Whether a line is another story with its day before it, as in a list of related updates."""
    return _DATED_LINK.fullmatch(text) is not None

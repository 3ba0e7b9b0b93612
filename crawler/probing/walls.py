"""What stands in place of a page though the answer says 200: a check of browsers, a login, a cookie wall, a shell without text."""

from __future__ import annotations

import re
from typing import cast

from lxml.etree import _Element
from scrapy.http import Response, TextResponse

from crawler.readers.page import Page, open_page
from crawler.selectors import ReadError
from crawler.text import fold, inner_text, one_line
from crawler.wordings import What, kind_of, sentences

_HIDDEN = frozenset(["script", "style", "template", "noscript", "svg", "head"])
_LONGEST_WALL = 2_500  # letters of visible text; whoever writes more writes a page
_FEW = 250
_CHALLENGE = re.compile(
    r"checking (?:your browser|if the site connection)|attention required!? \| cloudflare|verif(?:y|ying) (?:that )?you are (?:a )?human|ddos protection by"
    r"|enable javascript and cookies to continue|pardon our interruption|request unsuccessful\. incapsula|the requested url was rejected"
    r"|complete the (?:captcha|security check)|security check to access|access to this page has been denied|your request has been blocked",
    re.I,
)
# What a story may say as well: only as a page's title or heading, or where hardly anything else is on it.
_PERHAPS = re.compile(
    r"just a moment|you are not a (?:ro)?bot|are you a (?:robot|human)|i'm not a robot|you have been blocked|access denied|unusual traffic",
    re.I,
)
_PERHAPS_ALONE = re.compile(rf"\W*(?:sorry,? )?(?:{_PERHAPS.pattern})\W*", re.I)
_CHALLENGE_CODE = re.compile(
    rb"_Incapsula_Resource|cf_chl_opt|cf-challenge|/captcha/|g-recaptcha|h-captcha|px-captcha", re.I
)
_SCRIPT_WANTED = re.compile(
    r"(?:enable|turn on|requires?|needs?) javascript|javascript (?:is|to be|must be|has to be) (?:disabled|required|enabled|turned)",
    re.I,
)
_MOUNTS = re.compile(r"^(?:root|app|__next|__nuxt|app-root|react-root|svelte|gatsby|main-app|___gatsby)$", re.I)
LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|signon|sso|auth(?:enticate)?|account/login|wp-login\.php)(?:[/?.]|$)", re.I
)
_LOGIN_TITLE = re.compile(r"\W*(?:log|sign) ?in\b|\blog ?on to\b|mewngofnod", re.I)
_COOKIE_WALL = re.compile(
    r"cookies?.{0,400}(?:accept|agree|allow|consent)|(?:accept|consent|agree).{0,200}cookies?", re.I | re.S
)
_COOKIE_WORD = re.compile(r"cookie|consent|accept|privacy|preferences|allow all|reject", re.I)
NOT_FOUND = re.compile(
    r"\W*(?:(?:error )?(?:404|410)(?:\W+(?:error|page|file|not|gone)\b.*)?|.{0,30}\b(?:page|article|story|content) (?:(?:was|is|has|could|can|does|that you|you).{0,40} )?(?:not (?:be )?(?:found|exist|available)|n[o']t (?:be )?found|cannot be found|can.t be found"
    r"|been (?:removed|deleted|withdrawn)|no longer (?:available|exists?|here)).*|not found|page unavailable|sorry, (?:this|the|that|we) .{0,60}(?:not|n.t|couldn.t) .*|oops\b.*)",
    re.I,
)


def visible_text(root: _Element) -> str:
    """The text that a browser without scripts would show, on one line."""
    parts: list[str] = []

    def walk(element: _Element) -> None:
        stack: list[tuple[_Element, bool]] = [(element, False)]
        while stack:
            one, done = stack.pop()
            if done:
                if one.tail:
                    parts.append(one.tail)
                continue
            stack.append((one, True))
            if isinstance(one.tag, str) and one.tag not in _HIDDEN:
                if one.text:
                    parts.append(one.text)
                stack.extend((child, False) for child in reversed(one))

    walk(root)
    return one_line(" ".join(parts))


def challenge(response: Response) -> str | None:
    """The words by which a guard in front of a site is known, or None: a long page only speaks of such things."""
    page = _opened(response)
    if page is None:
        return None
    text = visible_text(page.root)
    if len(text) > _LONGEST_WALL:
        return None
    if found := _CHALLENGE.search(f"{page.title_tag} {text}"):
        return found[0]
    named = (re.split(r"\s[|\-–]\s", page.title_tag)[0], *_headings(page))
    if found := next((m for words in named if (m := _PERHAPS_ALONE.fullmatch(words))), None):
        return found[0]
    if alone := next((words for words in named if _all_say(words, "blocked") and not _LOGIN_TITLE.match(words)), None):
        return alone
    if len(text) < _FEW and (found := _PERHAPS.search(text)):
        return found[0]
    code = _CHALLENGE_CODE.search(response.body)
    return code[0].decode() if code and len(text) < _FEW else None


def is_login(page: Page, url: str) -> bool:
    """Whether a page asks for a password in place of a story."""
    password = any((e.get("type") or "").lower() == "password" for e in page.root.iter("input"))
    named = bool(_LOGIN_TITLE.match(page.title_tag) or LOGIN_PATH.search(url))
    length = len(visible_text(page.root))
    asks = any(True for _ in page.root.iter("input", "button"))
    return (password and (named or length < _LONGEST_WALL // 2)) or (named and asks and length < 2 * _FEW)


def is_shell(page: Page) -> bool:
    """Whether a page is an empty frame that a script would fill in a browser."""
    text = visible_text(page.root)
    scripts = sum(1 for _ in page.root.iter("script"))
    mounted = any(
        _MOUNTS.match(e.get("id") or "") or e.tag == "app-root"
        for e in page.root.iter("div", "main", "app-root", "section")
    )
    asked = any(
        _SCRIPT_WANTED.search(" ".join(cast("list[str]", e.xpath(".//text()")))) for e in page.root.iter("noscript")
    )
    told = any(len(inner_text(p).strip()) >= 20 for p in page.root.iter("p")) and bool(_headings(page))
    if len(text) < _FEW and (mounted or asked or scripts >= 2) and not told:
        return True
    return len(text) < 2 * _FEW and bool(_SCRIPT_WANTED.search(text))


def is_cookie_wall(page: Page) -> bool:
    """Whether hardly anything but a question about cookies is on a page."""
    text = visible_text(page.root)
    if len(text) > _LONGEST_WALL or not _COOKIE_WALL.search(text):
        return False
    title = fold(page.title_tag)
    if any(fold(h) and fold(h) in title and not _COOKIE_WORD.search(h) for h in _headings(page, "h1")):
        return False  # a short story below a long question
    rest = [s for s in re.split(r"(?<=[.!?])\s+", text) if not _COOKIE_WORD.search(s)]
    return sum(map(len, rest)) < _FEW


def says_not_found(page: Page) -> str | None:
    """The words by which a page says that it is not there, though the answer says 200; or None."""
    for words in (page.title_tag.split(" | ")[0].split(" - ")[0], *_headings(page)[:3]):
        said = words and len(words) < 120 and (NOT_FOUND.fullmatch(words) or _all_say(words, "gone"))
        if said and len(visible_text(page.root)) < 4_000:
            return words
    return None


def names_itself_not_found(page: Page) -> bool:
    """Whether a page's own title says that it is not there."""
    title = page.title_tag.split(" | ")[0].split(" - ")[0]
    return bool(title) and bool(NOT_FOUND.fullmatch(title) or _all_say(title, "gone"))


def _all_say(words: str, what: What) -> bool:
    """Whether all of a title or heading is a notice of that kind."""
    said = [kind_of(sentence) for sentence in sentences(words)]
    return what in said and None not in said


def _headings(page: Page, *tags: str) -> list[str]:
    return [one_line(inner_text(e)) for e in page.root.iter(*(tags or ("h1", "h2")))][:10]


def _opened(response: Response) -> Page | None:
    if not isinstance(response, TextResponse):
        return None
    try:
        return open_page(response)
    except ReadError:
        return None

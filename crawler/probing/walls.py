"""What stands in place of a page though the answer says 200: a check of browsers, a login, a cookie wall, a shell without text."""

from __future__ import annotations

import re
from typing import cast

from lxml.etree import _Element
from scrapy.http import Response, TextResponse

from crawler.readers.page import Page, open_page
from crawler.selectors import ReadError
from crawler.text import one_line

_HIDDEN = frozenset(["script", "style", "template", "noscript", "svg", "head"])
_LONGEST_WALL = 2_500  # letters of visible text; whoever writes more writes a page
_FEW = 250
_CHALLENGE = re.compile(
    r"just a moment|checking (?:your browser|if the site connection)|attention required!? \| cloudflare|verif(?:y|ying) (?:that )?you are (?:a )?human"
    r"|you are not a (?:ro)?bot|are you a robot|ddos protection by|enable javascript and cookies to continue|pardon our interruption"
    r"|request unsuccessful\. incapsula|you have been blocked|your request has been blocked|access (?:to this page has been )?denied|unusual traffic from your"
    r"|the requested url was rejected|security check to access|complete the (?:captcha|security check)|i'm not a robot",
    re.I,
)
_CHALLENGE_CODE = re.compile(
    rb"_Incapsula_Resource|cf_chl_opt|cf-challenge|/captcha/|g-recaptcha|h-captcha|px-captcha", re.I
)
_SCRIPT_WANTED = re.compile(
    r"(?:enable|turn on|requires?|needs?) javascript|javascript (?:is|to be|must be|has to be) (?:disabled|required|enabled|turned)",
    re.I,
)
_MOUNTS = re.compile(r"^(?:root|app|__next|__nuxt|app-root|react-root|svelte|gatsby|main-app|___gatsby)$", re.I)
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|signon|sso|auth(?:enticate)?|account/login|wp-login\.php)(?:[/?.]|$)", re.I
)
_LOGIN_TITLE = re.compile(r"\W*(?:log|sign) ?in\b|\blog ?on to\b|mewngofnod", re.I)
_COOKIE_WALL = re.compile(
    r"cookies?.{0,400}(?:accept|agree|allow|consent)|(?:accept|consent|agree).{0,200}cookies?", re.I | re.S
)
_COOKIE_WORD = re.compile(r"cookie|consent|accept|privacy|preferences|allow all|reject", re.I)
NOT_FOUND = re.compile(
    r"\W*(?:(?:error )?(?:404|410)\b.*|.{0,30}\b(?:page|article|story|content) (?:(?:was|is|has|could|can|does|that you|you).{0,40} )?(?:not (?:be )?(?:found|exist|available)|n[o']t (?:be )?found|cannot be found|can.t be found"
    r"|been (?:removed|deleted|withdrawn)|no longer (?:available|exists?|here)).*|not found|page unavailable|sorry, (?:this|the|that|we) .{0,60}(?:not|n.t|couldn.t) .*|oops\b.*"
    r"|.{0,20}(?:heb ei (?:ganfod|chanfod)|methu (?:dod o hyd|canfod)|ni chafwyd hyd).*)",
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
    code = _CHALLENGE_CODE.search(response.body)
    return code[0].decode() if code and len(text) < _FEW else None


def is_login(page: Page, url: str) -> bool:
    """Whether a page asks for a password in place of a story."""
    password = any((e.get("type") or "").lower() == "password" for e in page.root.iter("input"))
    named = bool(_LOGIN_TITLE.match(page.title_tag) or _LOGIN_PATH.search(url))
    return password and (named or len(visible_text(page.root)) < _LONGEST_WALL // 2)


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
    if len(text) < _FEW and (mounted or asked or scripts >= 2):
        return True
    return len(text) < 2 * _FEW and bool(_SCRIPT_WANTED.search(text))


def is_cookie_wall(page: Page) -> bool:
    """Whether hardly anything but a question about cookies is on a page."""
    text = visible_text(page.root)
    if len(text) > _LONGEST_WALL or not _COOKIE_WALL.search(text):
        return False
    rest = [s for s in re.split(r"(?<=[.!?])\s+", text) if not _COOKIE_WORD.search(s)]
    return sum(map(len, rest)) < _FEW


def says_not_found(page: Page) -> str | None:
    """The words by which a page says that it is not there, though the answer says 200; or None."""
    headings = [one_line("".join(str(t) for t in e.itertext())) for e in page.root.iter("h1", "h2")][:3]
    for words in (page.title_tag.split(" | ")[0].split(" - ")[0], *headings):
        if words and len(words) < 120 and NOT_FOUND.fullmatch(words) and len(visible_text(page.root)) < 4_000:
            return words
    return None


def _opened(response: Response) -> Page | None:
    if not isinstance(response, TextResponse):
        return None
    try:
        return open_page(response)
    except ReadError:
        return None

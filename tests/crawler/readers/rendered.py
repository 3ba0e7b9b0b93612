"""One invented story in several templates, with all that differs each time a page is made: no visit gets the bytes of another."""

from __future__ import annotations

import html
from random import Random

TITLE = "Man, 34, charged after Ottlesham marina burglaries"
STORY = (
    "A man aged 34 has been charged with five burglaries at Ottlesham marina in the early hours of 3 March.",
    "Officers were called at 4.15am by a boat owner who’d seen lights on the pontoon three minutes earlier.",
    "Peter Example, of Saltby Lane, Dunmere, will appear before Ravenquay magistrates on 12 April.",
    "Anyone with information can write to {mail} or call 101 and quote 24/00123456.",
)
MAIL = "burglary@ravenquay.example"
_OTHERS = (
    "Witness appeal after crash in Dunmere", "Knife bin returns to Saltby", "Woman found safe and well", "Two arrests after chase",
    "Cadets wanted in Ottlesham", "Road closed at Harbour Bridge",
)  # fmt: skip


class Visit:
    """What one visit finds: a number makes it, so that a failing one can be made again."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.random = Random(number)

    def token(self, length: int = 24) -> str:
        return "".join(self.random.choice("0123456789abcdef") for _ in range(length))

    def mail(self) -> str:
        """The address as Cloudflare hides it, with another key each time."""
        key = self.random.randrange(1, 255)
        code = bytes([key, *(byte ^ key for byte in MAIL.encode())]).hex()
        return f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</a>'

    def paragraphs(self, story: tuple[str, ...]) -> list[str]:
        shape = self.random.choice(("’", "'", "&rsquo;", "&#8217;"))
        return [html.escape(p, quote=False).replace("’", shape).format(mail=self.mail()) for p in story]

    def links(self) -> str:
        chosen = self.random.sample(_OTHERS, 3)
        return "".join(f'<li><a href="/news/{self.token(4)}?v={self.token(6)}">{title}</a></li>' for title in chosen)

    def ago(self) -> str:
        return self.random.choice(
            ("Just now", "3 minutes ago", "Updated an hour ago", "Posted 2 days ago", "5 mins ago by Press Office")
        )

    def counter(self) -> str:
        number = 1000 + self.number
        return self.random.choice(
            (f"{number:,} views", f"Viewed {number} times", f"Hits: {number}", f"{number % 90} shares")
        )

    def maybe(self, text: str) -> str:
        return text if self.random.random() < 0.5 else ""

    def head(self, title: str) -> str:
        stamp = f"2026-11-{1 + self.number % 28:02}T{self.number % 24:02}:{self.random.randrange(60):02}:00Z"
        return (
            f'<meta charset="utf-8"><title>{title} | Ravenquay Police</title><meta name="csrf-token" content="{self.token()}">'
            f'<meta property="og:title" content="{title}"><meta property="og:image" content="/img/1.jpg?token={self.token()}">'
            f'<meta property="og:updated_time" content="{stamp}"><link rel="stylesheet" href="/s.{self.token(8)}.css?v={self.token(6)}">'
            f'<script nonce="{self.token()}">window.t={self.random.random()};</script>'
            f'<script type="application/ld+json">{{"@type": "WebPage", "@id": "#{self.token(6)}", "dateModified": "{stamp}"}}</script>'
            f"<!-- {self.token()} -->"
        )

    def banner(self) -> str:
        return self.maybe(
            '<div id="cookie-consent"><p>We use cookies to make this site work. May we set them?</p><button>Yes</button></div>'
        )

    def bar(self) -> str:
        user = self.random.choice(("Sign in", "Welcome back, guest", "Log in or register"))
        return (
            f'<nav id="n{self.token(5)}"><a href="/">Home</a> <a href="/login?{self.token(8)}">{user}</a></nav>'
            f'<form action="/search"><input type="hidden" name="csrf" value="{self.token()}"><input name="q"></form>'
        )

    def foot(self) -> str:
        return (
            f"<footer><p>Page generated in 0.{self.random.randrange(100, 999)} seconds. Request ID: {self.token(12)}</p>"
            f'<p>© {2020 + self.number % 9} Ravenquay Police</p></footer><script src="/a.{self.token(8)}.js"></script>'
        )


def semantic(visit: Visit, title: str, story: tuple[str, ...]) -> str:
    """HTML's own elements."""
    parts = "".join(f'<p id="p-{visit.token(6)}">{p}</p>' for p in visit.paragraphs(story))
    return (
        f"<!doctype html><html lang=en><head>{visit.head(title)}</head><body>{visit.banner()}<header>{visit.bar()}</header><main><article>"
        f'<h1>{title}</h1><p>{visit.ago()}</p><p class="date">Published 10:32 03/03/2026</p>{parts}<p>{visit.counter()}</p>'
        f"<p>{visit.random.randrange(60)} comments</p></article><aside><h2>Related news</h2><ul>{visit.links()}</ul></aside></main>{visit.foot()}</body></html>"
    )


def hashed(visit: Visit, title: str, story: tuple[str, ...]) -> str:
    """Elements that say nothing, with class names that each build makes anew."""
    parts = f'<div class="ad-{visit.token(5)}">Advertisement</div>'.join(
        f"<p>{p}</p>\n" for p in visit.paragraphs(story)
    )
    return (
        f"<html><head>{visit.head(title)}</head><body><div class='c{visit.token(5)}'>{visit.banner()}{visit.bar()}</div>"
        f"<div class='c{visit.token(5)}'><div class='c{visit.token(5)}'><h1 class='c{visit.token(5)}'>{title}</h1><span>{visit.ago()}</span>"
        f"<span>{visit.counter()}</span><div><time datetime='2026-03-03T10:32:00Z'>3 March 2026</time></div>"
        f"<div class='c{visit.token(5)}'>{parts}</div><div class='c{visit.token(5)}'><div>Share</div><div>{visit.counter()}</div></div></div>"
        f"<div class='c{visit.token(5)}'><h3>More news</h3><ul class='c{visit.token(5)}'>{visit.links()}</ul></div></div>{visit.foot()}</body></html>"
    )


def tables(visit: Visit, title: str, story: tuple[str, ...]) -> str:
    """Tables within a table, and a form around all of it."""
    parts = "".join(f"<p>{p}</p>" for p in visit.paragraphs(story))
    return (
        f'<html><head>{visit.head(title)}</head><body><form id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="{visit.token(80)}">'
        f"<table><tr><td>{visit.bar()}<ul>{visit.links()}</ul></td><td><h2>{title}</h2><p>3 March 2026</p>{parts}<p>{visit.counter()}</p></td>"
        f"<td><p>You are visitor number {1000 + visit.number}</p></td></tr></table></form>{visit.foot()}</body></html>"
    )


def flat(visit: Visit, title: str, story: tuple[str, ...]) -> str:
    """Headings and paragraphs, one below the other."""
    parts = visit.paragraphs(story)
    return (
        f"<html><head>{visit.head(title)}</head><body>{visit.banner()}{visit.bar()}<h1>{title}</h1><p>{visit.ago()}</p><p>3 March 2026</p>"
        f"<p>{parts[0]}</p><p>{visit.counter()}</p><p>{parts[1]}</p><img src='data:,' data-src='/1.jpg?{visit.token(6)}'><p>{parts[2]}</p><p>{parts[3]}</p>"
        f"<p>Was this page helpful?</p><p>{visit.number} people found this helpful</p>{visit.foot()}</body></html>"
    )


TEMPLATES = (semantic, hashed, tables, flat)

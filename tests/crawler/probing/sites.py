"""Whole small sites of invented forces, each in a template of its own: a front page, a listing, five stories."""

from __future__ import annotations

from collections.abc import Callable

HEADLINES = (
    "Appeal after van taken from yard",
    "Man charged after burglaries in Fenwold",
    "Missing woman found safe and well",
    "Road closed following collision at Mill Bridge",
    "Officers visit school to talk about cycling",
)
_SENTENCES = (
    "Officers want to hear from anybody who was near the old mill on Saturday night and saw a grey van leave.",
    "It was taken from a yard in Quay Street between nine and midnight, and has not been seen since that evening.",
    "Inspector Rowan Thistlewood said that every call helps, however small a detail may seem to the caller.",
    "Anybody with information can call 101 and quote log {n} of {n} June, or tell us on our website at any time.",
)


def paragraphs(number: int, tag: str = "p") -> str:
    """A story's text, different for each story."""
    return "".join(f"<{tag}>{s.format(n=number)} It was case {number} on that day.</{tag}>" for s in _SENTENCES)


def day(number: int) -> str:
    return f"{10 + number:02} June 2026"


def hashed_divs() -> dict[str, str]:
    """No heading but h2, no class that says anything, addresses with numbers, a site's name in the h1."""
    menu = '<div class="a9"><div class="b1"><a href="/contact-us">Contact us</a></div><div class="b1"><a href="/n">News</a></div></div>'

    def page(title: str, body: str) -> str:
        return f"<html lang=en><head><title>{title}</title></head><body><div class=k1><h1>Fenwold Constabulary</h1>{menu}</div><div class=z3>{body}</div></body></html>"

    cards = "".join(
        f'<div class="c{n}x"><div class="q"><h2><a href="/n/4711{n}">{title}</a></h2></div><div class="w">{day(n)}</div></div>'
        for n, title in enumerate(HEADLINES)
    )
    pages = {
        "/": page("Fenwold Constabulary", "<p>Welcome. In an emergency call 999.</p>"),
        "/n": page("News ~ Fenwold Constabulary", cards),
        "/contact-us": page("Contact", paragraphs(0)),
    }
    for n, title in enumerate(HEADLINES):
        story = f'<h2 class="t7">{title}</h2><div class="w">{day(n)}</div><div class="s5">{paragraphs(n)}</div>'
        pages[f"/n/4711{n}"] = page(f"{title} : Fenwold Constabulary", story)
    return pages


def tables() -> dict[str, str]:
    """A layout of tables from 2004, .aspx pages told apart by a query, capitals in the paths."""

    def page(title: str, body: str) -> str:
        menu = '<tr><td><a href="/About.aspx">About us</a></td></tr><tr><td><a href="/News/Default.aspx">Latest News</a></td></tr>'
        return f"<html><head><title>Fenwold Police - {title}</title></head><body><table><tr><td width=150><table>{menu}</table></td><td>{body}</td></tr></table></body></html>"

    rows = "".join(
        f'<tr><td><b><a href="/News/Article.aspx?id={900 + n}">{title}</a></b><br>{10 + n}/06/2026</td></tr>'
        for n, title in enumerate(HEADLINES)
    )
    pages = {
        "/": page("Home", "<p>Welcome to the site.</p>"),
        "/News/Default.aspx": page("Latest News", f"<table>{rows}</table>"),
        "/About.aspx": page("About us", paragraphs(0)),
    }
    for n, title in enumerate(HEADLINES):
        pages[f"/News/Article.aspx?id={900 + n}"] = page(
            title,
            f"<table><tr><td><font size=4><b>{title}</b></font></td></tr><tr><td><i>Posted: {10 + n}/06/2026 14:0{n}</i></td></tr><tr><td>{paragraphs(n)}</td></tr></table>",
        )
    return pages


def static_blog() -> dict[str, str]:
    """A static site with an announced Atom feed, semantic tags and JSON-LD."""

    def page(title: str, body: str, head: str = "") -> str:
        nav = '<header><nav><a href="/about/">About</a> <a href="/posts/">All stories</a></nav></header>'
        feed = '<link rel="alternate" type="application/atom+xml" href="/index.xml">'
        return f'<!doctype html><html lang="en-GB"><head><title>{title} — Fenwold Police</title>{feed}{head}</head><body>{nav}<main>{body}</main></body></html>'

    items = "".join(
        f'<article><h2><a href="/posts/story-{n}-of-june/">{t}</a></h2><time datetime="2026-06-{10 + n}">{day(n)}</time></article>'
        for n, t in enumerate(HEADLINES)
    )
    entries = "".join(
        f'<entry><title>{t}</title><link href="{{base}}/posts/story-{n}-of-june/"/><published>2026-06-{10 + n}T09:30:00+01:00</published></entry>'
        for n, t in enumerate(HEADLINES)
    )
    pages = {
        "/": page("Home", items),
        "/posts/": page("Stories", f"<h1>Stories</h1>{items}"),
        "/about/": page("About", f"<h1>About</h1>{paragraphs(0)}"),
        "/index.xml": f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Fenwold Police</title>{entries}</feed>',
    }
    for n, t in enumerate(HEADLINES):
        ld = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{t}","datePublished":"2026-06-{10 + n}T09:30:00+01:00"}}</script>'
        pages[f"/posts/story-{n}-of-june/"] = page(
            t,
            f"<article><h1>{t}</h1><time datetime='2026-06-{10 + n}T09:30:00+01:00'>{day(n)}</time>{paragraphs(n)}</article>",
            ld,
        )
    return pages


def welsh() -> dict[str, str]:
    """A Welsh site: menu, months and address."""
    months = "Mehefin"

    def page(title: str, body: str) -> str:
        return f'<!doctype html><html lang="cy"><head><title>{title} | Heddlu Gwaunfor</title></head><body><nav><ul><li><a href="/cysylltu/">Cysylltu</a></li><li><a href="/newyddion/">Newyddion</a></li></ul></nav><main>{body}</main></body></html>'

    cards = "".join(
        f'<li><h3><a href="/newyddion/2026/stori-rhif-{n}/">{t}</a></h3><span>{10 + n} {months} 2026</span></li>'
        for n, t in enumerate(HEADLINES)
    )
    pages = {
        "/": page("Hafan", "<h1>Croeso</h1><p>Croeso i'r wefan.</p>"),
        "/newyddion/": page("Newyddion", f"<h1>Newyddion</h1><ul>{cards}</ul>"),
    }
    for n, t in enumerate(HEADLINES):
        pages[f"/newyddion/2026/stori-rhif-{n}/"] = page(
            t, f"<h1>{t}</h1><p>Cyhoeddwyd: {10 + n} {months} 2026</p>{paragraphs(n)}"
        )
    return pages


SITES: dict[str, Callable[[], dict[str, str]]] = {
    "hashed_divs": hashed_divs,
    "tables": tables,
    "static_blog": static_blog,
    "welsh": welsh,
}

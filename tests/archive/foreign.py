"""Four page templates that are none of the newsroom's: so that reading is measured, and not our own template.

Semantic HTML5 without a class; a soup of `div`s with hashed names, sidebars full of other stories and the headline in an
h2 below the site's name in the h1; a layout of tables from 2004 without any heading; stories of bare text with line breaks for
paragraphs, below a list of other stories and above the date. Sidebars hold dates and sentences that look like news.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape, unescape

from forcewire.demo.articles import ListingView, NewsArticle, Site
from forcewire.demo.pages.kind import Kind, Wanted, number

_OTHERS = (
    (
        "Cycle marking events across the county this autumn",
        "3 October 2023",
        "Bring your cycle and proof of purchase to any of the nine events. Marking is free and takes ten minutes.",
    ),
    (
        "New community speed watch group takes to the roads",
        "28/09/2023",
        "Eleven volunteers have been trained to use the equipment and will start their first session on Saturday morning.",
    ),
    (
        "Officers recognised at annual awards evening",
        "21 Sep 2023",
        "Fourteen awards were presented to officers, staff and volunteers in front of their families and colleagues.",
    ),
    (
        "Have your say on local policing priorities",
        "Posted at 10:15 on 18th September 2023",
        "The survey is open until the end of the month and can be filled in online or at any library.",
    ),
)
_MENU = ("Report a crime", "Your area", "Advice and support", "News and appeals", "About us", "Careers", "Contact us")


def _head(article: NewsArticle | None, site: Site, title: str) -> str:
    """Values escaped once, as most sites do; the record's may hold entities and are decoded before."""
    meta: Mapping[str, str | None] = {} if article is None else article.meta
    if article is not None and article.page_title is not None:
        title = article.page_title
    tags = [f"<title>{escape(unescape(title))}</title>"] if title else []
    for name, value in meta.items():
        if value is not None:
            kind = "property" if ":" in name else "name"
            tags.append(f'<meta {kind}="{name}" content="{escape(unescape(value))}">')
    return '<meta charset="utf-8">' + "".join(tags)


def _e(text: str) -> str:
    return escape(text)


def _related(article: NewsArticle, tag: str = "li") -> str:
    if not article.related:
        return ""
    count = len(article.related)
    words = (
        "There is 1 related update to this story" if count == 1 else f"There are {count} related updates to this story"
    )
    rows = "".join(f'<{tag}>{_e(r.date)}: <a href="{_e(r.path)}">{_e(r.title)}</a></{tag}>' for r in article.related)
    return f"<div><p>{words}</p>{f'<ul>{rows}</ul>' if tag == 'li' else rows}</div>"


def _organisations(site: Site) -> str:
    return f"<dl><dt>From:</dt><dd>{_e(site.organisations)}</dd></dl>" if site.organisations else ""


def _semantic(article: NewsArticle, site: Site) -> str:
    date = f"<p><time>{_e(article.date_string)}</time></p>" if article.date_string else ""
    kickers = "".join(f"<p>{_e(line)}</p>" for line in (*article.kickers,))
    flag = f"<p>{_e(article.flag)}</p>" if article.flag else ""
    others = "".join(f"<li><a href='/o/{n}'>{_e(t)}</a> <time>{d}</time></li>" for n, (t, d, _) in enumerate(_OTHERS))
    return f"""<!doctype html><html lang="en"><head>{_head(article, site, article.title + site.title_suffix)}</head><body>
<header><p><a href="/">{_e(site.force)}</a></p><nav><ul>{"".join(f"<li><a href='/m/{n}'>{m}</a></li>" for n, m in enumerate(_MENU))}</ul></nav>
<form action="/find"><input name="q"><button>Find</button></form></header>
<main><article><header>{kickers}<h1>{_e(article.title)}</h1>{date}{flag}{_organisations(site)}</header>
{_related(article)}
{article.body_html}
<footer><p>Share this story: <a href="/s/1">Facebook</a> <a href="/s/2">X</a> <a href="/s/3">Email</a></p></footer></article></main>
<aside><h2>More news</h2><ul>{others}</ul></aside>
<footer><p>In an emergency call 999.</p><p>© {_e(site.force)} 2023</p></footer></body></html>"""


def _soup(article: NewsArticle, site: Site) -> str:
    date = f'<div class="x9k"><span class="q2">{_e(article.date_string)}</span></div>' if article.date_string else ""
    kickers = "".join(f'<div class="zz1">{_e(line)}</div>' for line in (*article.kickers,))
    flag = f'<div class="zz2">{_e(article.flag)}</div>' if article.flag else ""
    cards = "".join(
        f'<div class="k7"><div class="k8"><a href="/o/{n}"><div class="k9">{_e(t)}</div></a></div><div class="p3">{d}</div><div class="p4"><p>{_e(s)}</p></div></div>'
        for n, (t, d, s) in enumerate(_OTHERS)
    )
    menu = "".join(f'<div class="m2"><a href="/m/{n}">{m}</a></div>' for n, m in enumerate(_MENU))
    return f"""<!DOCTYPE html><html><head>{_head(article, site, article.title + site.title_suffix)}<script>var a={{"t":"<p>not text</p>"}};</script><style>.k7{{}}</style></head><body>
<div class="a1"><div class="a2"><p>We value your privacy. This site stores small files on your device.</p><div class="a3"><button>Allow all</button><button>Choose</button></div></div></div>
<div class="b1"><div class="b2"><h1>{_e(site.force)}</h1></div><div class="m1">{menu}</div></div>
<div class="c1"><div class="c2"><div class="c3"><div class="c4">Latest from us</div>{cards}</div></div>
<div class="d1"><div class="d2"><div class="d3"><a href="/">Home</a> / <a href="/n">News</a></div>
<div class="e1">{kickers}<h2 class="e2">{_e(article.title)}</h2>{date}{flag}{_organisations(site)}</div>
<div class="f1"><div class="f2">{_related(article, "p")}<div class="f3">
{article.body_html}
</div></div></div>
<div class="g1"><div class="g2">Was this page helpful?</div><div class="g3"><a href="/y">Yes</a><a href="/z">No</a></div></div></div>
<div class="h1"><div class="h2"><div class="h3">Popular</div>{cards}</div></div></div></div>
<div class="i1"><div class="i2"><p>{_e(site.force)} headquarters. Calls may be recorded.</p><p>All rights reserved 2023</p></div></div></body></html>"""


def _tables(article: NewsArticle, site: Site) -> str:
    date = f"<i>{_e(article.date_string)}</i><br>" if article.date_string else ""
    kickers = "".join(f"<small>{_e(line)}</small><br>" for line in (*article.kickers,))
    flag = f"<small>{_e(article.flag)}</small><br>" if article.flag else ""
    menu = "".join(f'<tr><td><a href="/m/{n}">{m}</a></td></tr>' for n, m in enumerate(_MENU))
    side = "".join(
        f'<tr><td><b>{_e(t)}</b><br>{d}<br>{_e(s)} <a href="/o/{n}">more</a></td></tr>'
        for n, (t, d, s) in enumerate(_OTHERS[:3])
    )
    return f"""<html><head>{_head(article, site, article.title + site.title_suffix)}</head><body bgcolor="#ffffff"><table width="100%"><tr><td colspan="3"><img src="/crest.gif" alt="{_e(site.force)}"> <font size="5">{_e(site.force)}</font></td></tr>
<tr valign="top"><td width="150"><table>{menu}</table></td>
<td><table><tr><td>{kickers}<font size="4"><b>{_e(article.title)}</b></font></td></tr><tr><td>{date}{flag}{_organisations(site)}</td></tr>
<tr><td>{_related(article)}{article.body_html}</td></tr>
<tr><td align="right"><a href="javascript:print()">Print this page</a> | <a href="#top">Back to top</a></td></tr></table></td>
<td width="180"><table><tr><td><b>Other news</b></td></tr>{side}</table></td></tr>
<tr><td colspan="3"><font size="1">Copyright {_e(site.force)}. Best viewed at 800 by 600.</font></td></tr></table></body></html>"""


def _breaks(article: NewsArticle, site: Site) -> str:
    flag = f"{_e(article.flag)}<br>" if article.flag else ""
    kickers = " / ".join(_e(line) for line in article.kickers)
    story = article.body_html.replace("</p>\n<p>", "<br><br>\n").replace("<p>", "").replace("</p>", "<br><br>")
    date = f"<div><small>{_e(article.date_string)}</small></div>" if article.date_string else ""
    cards = "".join(f"<li><a href='/o/{n}'>{_e(t)}</a><br>{d}<br>{_e(s)}</li>" for n, (t, d, s) in enumerate(_OTHERS))
    menu = " | ".join(f'<a href="/m/{n}">{m}</a>' for n, m in enumerate(_MENU))
    return f"""<!doctype html><html><head>{_head(article, site, article.title + site.title_suffix)}</head><body><div>{menu}</div>
<div><ul>{cards}</ul></div>
<div><span>{kickers}</span><h1><a href="{_e(article.path)}">{_e(article.title)}</a></h1>{flag}{_organisations(site)}{_related(article)}
<div>{story}</div>
{date}</div>
<div><h3>Have your say</h3><form action="/c"><textarea name="t"></textarea><button>Send</button></form><p>Comments are read before they appear. Please do not name anybody.</p></div>
<div>{_e(site.force)} 2023. <a href="/t">Terms</a></div></body></html>"""


def _listing(view: ListingView, site: Site) -> str:
    rows = "".join(
        f'<article><h2><a href="{_e(card.path)}">{_e(card.title)}</a></h2></article>\n' for card in view.cards
    )
    more = f'<a rel="next" href="/stories?page={view.page + 1}">Next</a>' if view.has_next else ""
    return f"<!doctype html><html><head>{_head(None, site, 'News')}</head><body><main><h1>News</h1>{rows}<nav>{more}</nav></main></body></html>"


def _wanted(path: str, query: Mapping[str, str], site: Site) -> Wanted | None:
    return Wanted(number(query.get("page"))) if path == "/stories" else None


def _path(slug: str, published: datetime, index: int, site: Site) -> str:
    return f"/stories/{slug}"


FOREIGN = {
    name: Kind(
        name=name,
        reader="generic",
        article=article,
        listing=_listing,
        wanted=_wanted,
        article_path=_path,
        entry_listings=lambda site: [("html", "/stories")],
        robots="User-agent: *\nDisallow: /m/\n",
    )
    for name, article in (("semantic", _semantic), ("div_soup", _soup), ("tables", _tables), ("breaks", _breaks))
}

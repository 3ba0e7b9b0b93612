"""What all page shapes share: the head's meta tags, filling a page to a size, and redesigns."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from forcewire.demo.articles import NewsArticle, Picture, Site
from forcewire.demo.furniture import filler

TOP, BOTTOM = "\x01top\x01", "\x01bottom\x01"
_STYLE = '<meta name="viewport" content="width=device-width">\n<link rel="stylesheet" href="/dist/main.css?v=8f2c1">'
_CLASS = re.compile(r'(class|id)="([^"]*)"')
_SEMANTIC = re.compile(r"<(/?)(main|article|aside|time|section|header|figure|figcaption|nav|footer)\b([^>]*)>")


def text(value: str) -> str:
    """Text safe between tags and in attributes."""
    return escape(value, quote=True)


def head(article: NewsArticle | None, site: Site, *, title: str, meta: dict[str, str | None], extra: str = "") -> str:
    """The `<head>`: title, then meta tags in order; the article's own `meta` wins, None leaves one out."""
    values = dict(meta)
    if article is not None:
        values |= article.meta
        title = title if article.page_title is None else article.page_title
    tags = [f"<title>{text(title)}</title>"] if title else []
    for name, value in values.items():
        if value is not None:
            key = "property" if name.split(":")[0] in ("og", "article", "fb") else "name"
            tags.append(f'<meta {key}="{text(name)}" content="{text(value)}">')
    return "\n".join(['<meta charset="utf-8">', *tags, _STYLE, *([extra] if extra else [])])


def document(site: Site, head_html: str, body: str, *, language: str = "en-GB", attributes: str = "") -> str:
    """A whole HTML document."""
    return f'<!DOCTYPE html>\n<html lang="{language}"{attributes}>\n<head>\n{head_html}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


@cache
def _template(name: str) -> Template:
    return Template((files("forcewire.demo.pages") / "templates" / f"{name}.html").read_text("utf-8"))


def chrome(name: str, site: Site, **slots: str) -> str:
    """Everything in the `<body>`: a kind's furniture around what is in the slots."""
    return _template(name).substitute(slots, top=TOP, bottom=BOTTOM, force=text(site.force), area=text(site.area))


def lines(values: tuple[str, ...], css: str) -> str:
    """Lines that are no story, each in a paragraph of its own."""
    return "\n".join(f'<p class="{css}">{text(value)}</p>' for value in values)


def figure(picture: Picture | None, site: Site, css: str) -> str:
    """A picture, its caption and, where there is one, its title as a stray line."""
    if picture is None:
        return ""
    caption = f"<figcaption>{text(picture.caption)}</figcaption>" if picture.caption else ""
    title = f'<p class="{css}-title">{text(picture.title)}</p>' if picture.title else ""
    image = f'<img src="{text(picture.src)}" alt="{text(picture.alt)}" width="760" height="428" loading="lazy">'
    return f'<figure class="{css}">{image}{caption}</figure>{title}'


def picture_url(article: NewsArticle, site: Site, default: str) -> str:
    """The absolute address of the article's picture, or of the site's default one."""
    src = article.image.src if article.image else default
    return src if "://" in src else site.url(src)


def finish(page: str, site: Site) -> bytes:
    """The page in the site's design, filled to `site.padding` bytes, as UTF-8."""
    page = _redesigned(page, site.template)
    size = len(page.encode("utf-8", "xmlcharrefreplace")) - len(TOP) - len(BOTTOM)
    spare = site.padding - size
    above = filler(spare // 2, "menu") if spare > 0 else ""
    below = filler(spare - len(above.encode()), "foot") if spare > 0 else ""
    return page.replace(TOP, above).replace(BOTTOM, below).encode("utf-8", "xmlcharrefreplace")


def _redesigned(page: str, template: int) -> str:
    if template == 1:
        return page
    start = page.index("<body")
    before, body = page[:start], page[start:]
    body = _CLASS.sub(lambda m: f'{m[1]}="{_renamed(m[2], template)}"', body)
    if template == 2:
        body = body.replace("<main", '<div class="layout-grid"><div class="layout-grid-main"><main data-v="2"')
        body = body.replace("</main>", "</main></div></div>").replace('loading="lazy"', 'decoding="async"')
    else:
        body = _SEMANTIC.sub(lambda m: f"<{m[1]}div{m[3].replace('datetime=', 'data-t=')}>", body)
    return before + body


def _renamed(names: str, template: int) -> str:
    return " ".join(f"t{template}-{name.replace('_', '-')}" for name in names.split())

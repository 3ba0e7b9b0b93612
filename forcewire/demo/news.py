"""The demo's stories: read from the text files of each force, and filled up by the composer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from markdown_it import MarkdownIt

from forcewire.demo.articles import NewsArticle, Picture, Related, Site
from forcewire.demo.forces import FORCES
from forcewire.demo.pages import KINDS
from forcewire.demo.printing import DAYS, MONTHS, local

WRITTEN, COMPOSED = "written", "composed"
_DATE = re.compile(r"\{(day|date|short|cad|weekday|year|yy)([+-]\d+)?\}")
_AGE = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?$")


@cache
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def body_html(markdown: str) -> str:
    """A story's Markdown as the HTML that an editor's tool would make of it."""
    return str(_renderer().render(markdown)).strip()


def slug_of(title: str) -> str:
    """A title as an address has it: small letters and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower().replace("’", "").replace("'", "")).strip("-")


def with_dates(text: str, published: datetime) -> str:
    """Fill in days counted from the day of publication: `{day-1}` is 'Monday 15 June', `{short-1}` '15 June'."""

    def date(found: re.Match[str]) -> str:
        shift = int(found[2] or 0)
        if found[1] in ("year", "yy"):
            return str(local(published).year + shift)[-2 if found[1] == "yy" else 0 :]
        at = local(published) + timedelta(days=shift)
        name, short = DAYS[at.weekday()], f"{at.day} {MONTHS[at.month - 1]}"
        cad = f"{at.day:02}{MONTHS[at.month - 1][:3].upper()}"
        return {
            "weekday": name,
            "cad": cad,
            "short": short,
            "day": f"{name} {short}",
            "date": f"{name} {short} {at.year}",
        }[found[1]]

    return _DATE.sub(date, text)


def article_of(fields: dict[str, str], markdown: str, site: Site, index: int, published: datetime) -> NewsArticle:
    """A story of a site from its head lines and its Markdown."""

    def value(name: str) -> str | None:
        return with_dates(fields[name], published) if name in fields else None

    title = value("title") or ""
    image = None
    if raw := value("image"):
        parts = [part.strip() for part in raw.split("|")] + [""] * 3
        image = Picture(parts[0], parts[1], parts[2], parts[3])
    path = KINDS[site.kind].article_path(slug_of(title), published, index, site)
    related: tuple[Related, ...] = ()
    if raw := value("related"):
        name, _, date = raw.partition(" | ")
        related = (Related(name, KINDS[site.kind].article_path(slug_of(name), published, index + 900, site), date),)
    return NewsArticle(
        path=path,
        title=title,
        body_html=body_html(with_dates(markdown, published)),
        description=value("description"),
        published_at=published,
        kickers=tuple(kicker.strip() for kicker in fields["kickers"].split(";")) if "kickers" in fields else (),
        flag=fields.get("flag"),
        reference=value("reference") if site.kind == "wordpress" else None,
        image=image,
        related=related,
        number=index,
        category=fields.get("category", "News"),
    )


def age_of(text: str) -> timedelta:
    """`2d 5h` as a time. Raises `ValueError`."""
    found = _AGE.match(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no age; write '2d 5h'")
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def parse_stories(text: str) -> Iterator[tuple[dict[str, str], str]]:
    """The stories of a text file: head lines, an empty line, Markdown; `=====` between two."""
    for block in text.split("\n=====\n"):
        head, _, markdown = block.strip().partition("\n\n")
        pairs = (line.partition(": ") for line in head.splitlines())
        yield {name: value for name, _, value in pairs}, markdown


@cache
def _stories(name: str) -> tuple[tuple[dict[str, str], str], ...]:
    text = (files("forcewire.demo") / "stories" / f"{name}.md").read_text("utf-8")
    return tuple(parse_stories(text))


def stories_of(site: Site, now: datetime, name: str | None = None) -> list[NewsArticle]:
    """The written stories of a force, as old as they say, counted from `now`."""
    start = 7 + 13 * len(site.id)
    return [
        article_of(
            fields, markdown, site, start + place, now - age_of(fields["age"]) + timedelta(minutes=7 * place + 3)
        )
        for place, (fields, markdown) in enumerate(_stories(name or site.id))
    ]


def demo_sites(now: datetime, *, composed: int = 5) -> list[tuple[Site, list[NewsArticle]]]:
    """The six forces with their written stories and a few composed ones each: some sixty in all."""
    from forcewire.demo.composer import compose

    sites = []
    for site in FORCES:
        stories = [*stories_of(site, now), *compose(site, composed, now=now)]
        old = sorted(stories, key=lambda story: story.published_at or now)[:4]
        sites.append((site.changed(headlines=tuple(Related(s.title, s.path) for s in old), rendered_at=now), stories))
    return sites

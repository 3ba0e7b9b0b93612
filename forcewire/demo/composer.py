"""Stories in any number: composed from hand-written sentences, always the same for the same site and number."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.news import article_of

_SLOT = re.compile(r"\{([a-z_]+2?)\}")
_KINDS = ("appeal", "appeal", "missing", "charge", "court", "incident", "campaign")
_CATEGORIES = {"appeal": "Appeal", "missing": "Missing", "court": "In court", "campaign": "Campaign"}
_REFERENCES: dict[str, Callable[[random.Random, str], str]] = {
    "wexmoor": lambda r, yy: f"47/{r.randrange(10000, 99999)}/{yy}",
    "ravenquay": lambda r, yy: f"CAD {r.randrange(100, 9999)}/{{cad-1}}",
    "civil-reservoirs": lambda r, yy: f"incident number {r.randrange(1, 999)} of {{short-1}}",
    "aldmoor-and-tarn": lambda r, yy: f"52{yy}{r.randrange(100000, 299999)}",
    "east-strayshire": lambda r, yy: f"13{yy}{r.randrange(10**6, 10**7)}"[:11],
    "marrowdale": lambda r, yy: f"log {r.randrange(1, 400)} of {{short-1}}",
}


@cache
def _banks() -> dict[str, dict[str, list[str]]]:
    data: dict[str, dict[str, list[str]]] = tomllib.loads(
        (files("forcewire.demo") / "stories" / "banks.toml").read_text("utf-8")
    )
    return data


class Writer:
    """Chooses the words of one story. A slot keeps its word, so that the story agrees with itself."""

    def __init__(self, site: Site, index: int, published: datetime) -> None:
        self.random = random.Random(f"{site.id}/{index}")
        self.kind = self.random.choice(_KINDS)
        self.site = site
        self.words: dict[str, str] = {}
        names, pick = _banks()["names"], self.random
        self.words["town"], self.words["town2"] = pick.sample(site.towns, 2)
        self.words["street"], self.words["street2"] = pick.sample(names["streets"], 2)
        self.words["surname"] = pick.choice(names["last"])
        self.words["name"] = f"{pick.choice(names['first'])} {self.words['surname']}"
        self.words["officer"] = f"{pick.choice(names['first'])} {pick.choice(names['last'])}"
        self.words["rank"] = pick.choice(names["ranks"])
        self.words["operation"] = pick.choice(names["operations"])
        hour = pick.randrange(1, 10)
        self.words["time"] = f"{hour}.{pick.randrange(5, 30):02}pm"
        self.words["time2"] = f"{hour + 1}.{pick.choice(('15', '20', '40'))}pm"
        self.words["age"], self.words["decade"] = str(pick.randrange(19, 79)), str(pick.randrange(2, 8) * 10)
        self.words["noun"] = "teenager" if self.words["age"] == "19" else pick.choice(("man", "woman", "walker"))
        self.words["money"] = f"{pick.randrange(4, 190) * 100:,}"
        self.words["count"], self.words["count2"] = str(pick.randrange(60, 900)), str(pick.randrange(6, 59))
        self.words["person"] = pick.choice(("a man", "a woman"))
        self.words["person_cap"] = self.words["person"].capitalize()
        self.words["their"] = {"a man": "his", "a woman": "her"}[self.words["person"]]
        reference = _REFERENCES.get(site.id, _REFERENCES["marrowdale"])
        self.words["reference"] = reference(pick, f"{published:%y}")

    def title(self) -> str:
        """The headline. It is the first thing that a story's writer is asked for."""
        title = self.fill(self.choose("title"))
        return title[:1].upper() + title[1:]

    def choose(self, name: str) -> str:
        bank = _banks()[self.kind].get(name) or _banks()["fill"][name]
        return self.random.choice(bank)

    def fill(self, text: str) -> str:
        def word(found: re.Match[str]) -> str:
            name = found[1]
            if name in ("day", "short", "weekday", "date"):
                return found[0]
            if name == "offender_cap":
                return self.fill("{offender}").capitalize()
            if name not in self.words:
                self.words[name] = self.choose(name)
            return self.fill(self.words[name])

        return _SLOT.sub(word, text)

    def paragraphs(self) -> list[str]:
        extra_bank = _banks()[self.kind]["extra"]
        extras = self.random.sample(extra_bank, min(len(extra_bank), self.random.randrange(3, 5)))
        lead = self.choose("lead")
        parts = [f"**{lead}**" if self.random.random() < 0.5 else lead]
        parts += [
            f"{self.choose('detail')} {self.choose('more')}",
            *extras,
            self.choose("said"),
            self.choose("closing"),
        ]
        if self.random.random() < 0.25:
            parts.insert(
                3,
                "Officers ask residents to:\n\n* check doors and windows\n* keep camera footage\n* report what looks wrong",
            )
        return [self.fill(part) for part in parts]


def composed_story(site: Site, index: int, published: datetime) -> NewsArticle:
    """Story number `index` of a site: the same words at every call."""
    writer = Writer(site, index, published)
    title = writer.title()
    paragraphs = writer.paragraphs()
    description = re.sub(r"\*\*", "", paragraphs[0]) if site.kind != "own_newsroom" else None
    fields = {"title": title, "category": _CATEGORIES.get(writer.kind, "News")}
    fields["kickers"] = fields["category"]
    if site.kind != "single_online_home":
        del fields["kickers"]
    if description:
        fields["description"] = description
    fields["reference"] = writer.words["reference"]
    return article_of(fields, "\n\n".join(paragraphs), site, index, published)


def compose(
    site: Site, count: int, *, now: datetime, first: int = 1000, every: timedelta | None = None
) -> list[NewsArticle]:
    """`count` stories, the newest a day old and each older by `every` (26 hours) than the one before. Paths differ."""
    step = every or timedelta(hours=26, minutes=11)
    stories: dict[str, NewsArticle] = {}
    for index in range(first, first + count):
        story = composed_story(site, index, now - timedelta(days=1) - (index - first) * step)
        if story.path in stories:
            story = story.changed(path=_numbered(story.path, index))
        stories[story.path] = story
    return list(stories.values())


def _numbered(path: str, index: int) -> str:
    slash = "/" if path.endswith("/") else ""
    return f"{path.rstrip('/')}-{index}{slash}"


def benchmark_site(
    site: Site, count: int, *, now: datetime, padding: int = 40_000, page_size: int = 100
) -> tuple[Site, list[NewsArticle]]:
    """A site of `count` composed stories whose pages have `padding` bytes, for benchmarks."""
    stories = compose(site, count, now=now, every=timedelta(minutes=37))
    return site.changed(padding=padding, page_size=page_size), stories

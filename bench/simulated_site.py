"""A newsroom of the fleet as a crawl meets it, without HTTP and HTML: what each address answers at a moment.

Coarser than the demo's: a story's words are a few lines made of its address and of how often each was changed, a banner or a
new design changes every page's bytes and no word, and of a platform's accidents pages that are empty or all alike count as pages
that cannot be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from forcewire.demo.articles import Site
from forcewire.demo.clock import Happening
from forcewire.demo.plans import Publish
from forcewire.demo.states import StoryLife
from storage.records import Fetched, Link, Precision, Record

READER_VERSION = 1
_SHOWN = 20
_FAILS = 0.001  # of all requests for a page, while nothing else is wrong
_ETAGS = 0.8  # of the sites send validators
_DOWN = ("HTTP 503", "HTTP 500", "no answer", "blocked", "browser check")


@dataclass(slots=True)
class Story:
    """A story as it is by now. `minor` counts what changed beside its words."""

    life: StoryLife
    title: str
    published: datetime
    minor: int = 0

    @property
    def key(self) -> tuple[int, int, int, int]:
        """Differs where the page does."""
        return *self.life.texts[-1].value, self.minor


@dataclass(slots=True)
class Reply:
    """What an address answers: 200 with a record, 304, 301 with a record at another address, 404, 403 or 500. `key` differs
    where the page does, also from a site without validators.
    """

    status: int
    record: Record | None = None
    fetched: Fetched | None = None
    key: str | None = None


@dataclass(slots=True)
class SimulatedSite:
    """`rows` are the site's happenings in order of time; `advance` lets them happen."""

    site: Site
    rows: Sequence[Happening]
    random: Random
    stories: dict[str, Story] = field(default_factory=dict)
    by_address: dict[str, Story] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    serial: int = 0
    validators: bool = True
    _next: int = 0

    @property
    def reader(self) -> str:
        """The platform's name, for a reader."""
        return self.site.kind

    @property
    def base(self) -> str:
        return f"https://www.{self.site.id}.example"

    @property
    def listing_url(self) -> str:
        return f"{self.base}/news/"

    @property
    def is_down(self) -> bool:
        """Whether even the listing does not answer."""
        return any(note in _DOWN for note in self.wrong)

    def advance(self, to: datetime) -> None:
        """Let happen what is to happen until `to`."""
        while self._next < len(self.rows) and self.rows[self._next].at <= to:
            self._happen(self.rows[self._next])
            self._next += 1

    def _happen(self, row: Happening) -> None:
        if row.path is None:
            self._happen_to_site(row.note)
            return
        if row.what == "new":
            assert isinstance(row.event, Publish)
            life = StoryLife(row.site, row.path)
            story = Story(life, row.event.plan.title, row.at)
            self.stories[row.path] = self.by_address[row.path] = story
        story = self.stories[row.path]
        story.life.add(row)
        if row.what == "minor":
            story.minor += 1
        if row.what == "moved" and row.address:
            self.by_address[row.address] = story

    def _happen_to_site(self, note: str) -> None:
        if note.endswith(": over"):
            self.wrong.remove(note.removesuffix(": over"))
        elif note in _DOWN or note.startswith("platform: "):
            self.wrong.append(note)
        else:
            self.serial += 1

    def shown(self) -> list[Story]:
        """The stories that the listing shows, the newest first."""
        newest: list[Story] = []
        for story in reversed(self.stories.values()):
            if story.life.there[-1].value and story.life.unlisted_at is None:
                newest.append(story)
                if len(newest) == _SHOWN:
                    break
        return newest

    def links(self) -> list[Link]:
        """The listing, in full where nothing of it was read before."""
        return [Link(url=self.base + _address(story), title=_title(story)) for story in self.shown()]

    def everything(self) -> list[Link]:
        """All pages of the listing."""
        there = [s for s in reversed(self.stories.values()) if s.life.there[-1].value and s.life.unlisted_at is None]
        return [Link(url=self.base + _address(story), title=_title(story)) for story in there]

    def listing_key(self) -> str:
        """Differs where the listing does."""
        return f'"{hash(tuple((_address(story), _title(story)) for story in self.shown())) & 0xFFFFFFFF:08x}-{self.serial}"'

    def listing_etag(self) -> str | None:
        """The listing's validator."""
        return self.listing_key() if self.validators else None

    def ask(self, url: str, etag: str | None, now: datetime, *, steady: bool = False) -> Reply:
        """How a page answers. `steady`: not by chance with an error."""
        if "platform: all 404" in self.wrong:
            return Reply(404)
        if "platform: all 403" in self.wrong:
            return Reply(403)
        if self.wrong or (not steady and self.random.random() < _FAILS):
            return Reply(500)
        story = self.by_address.get(url.removeprefix(self.base))
        if story is None or not story.life.there[-1].value:
            return Reply(404)
        key = f'"{"-".join(map(str, story.key))}-{self.serial}"'
        address = self.base + _address(story)
        if self.validators and key == etag and address == url:
            return Reply(304)
        own = key if self.validators else None
        fetched = Fetched(url=url, at=now, etag=own, reader=self.reader, reader_version=READER_VERSION)
        return Reply(200 if address == url else 301, self._record(story, address), fetched, key)

    def _record(self, story: Story, url: str) -> Record:
        _, description, body = story.life.texts[-1].value
        name = story.life.path
        return Record(
            source=self.site.id,
            area=self.site.area,
            url=url,
            title=_title(story),
            description=f"What is known of {name}, told {description} times.",
            body="\n\n".join(f"Paragraph {n} of the story at {name} has its own words." for n in range(4))
            + f"\n\nIt was told anew {body} times.\n",
            published_at=story.published,
            published_precision=Precision.MINUTE,
            image_url=f"{self.base}/picture.jpg?token={story.minor}",
            reader=self.reader,
            reader_version=READER_VERSION,
        )


def _title(story: Story) -> str:
    number = story.life.texts[-1].value[0]
    return f"Update {number}: {story.title}" if number else story.title


def _address(story: Story) -> str:
    return story.life.addresses[-1].value


def sites_of(sites: Sequence[Site], rows: Sequence[Happening], seed: int) -> list[SimulatedSite]:
    """The sites with what is to happen to each. Four of five send validators."""
    own: dict[str, list[Happening]] = {site.id: [] for site in sites}
    for row in rows:
        own[row.site].append(row)
    return [
        SimulatedSite(site, own[site.id], Random(f"{seed}/{site.id}"), validators=number % 5 < _ETAGS * 5)
        for number, site in enumerate(sites)
    ]

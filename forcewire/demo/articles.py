"""What the newsroom holds: an article, the site it stands on, and the bytes of its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a story. `title` is the stray short line that some sites print below it."""

    src: str
    alt: str = ""
    caption: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """A line of a related-stories block, with its date as printed."""

    title: str
    path: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """A story as its press office wrote it. How it looks is the business of the site's kind.

    `path` is the address below the host, with its query if it has one. `date_string` is printed as it is; None means
    the kind's own shape of `published_at`, "" means that no date is printed. `kickers` stand between title and date,
    `flag` after the date, `tail` after the body: lines that are no story. `page_title` replaces the whole `<title>`
    ("" leaves it out), and `meta` adds to or replaces what the head says (a None takes it away).
    """

    path: str
    title: str
    body_html: str
    description: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    date_string: str | None = None
    kickers: tuple[str, ...] = ()
    flag: str | None = None
    tail: tuple[str, ...] = ()
    reference: str | None = None
    image: Picture | None = None
    related: tuple[Related, ...] = ()
    page_title: str | None = None
    meta: Mapping[str, str | None] = field(default_factory=dict)
    number: int = 0
    category: str = "News"

    def changed(self, **changes: object) -> NewsArticle:
        """The same story with other fields."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Banner:
    """The emergency banner above every story of a site."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """One newsroom on one host. A rendering depends on this and on the article, and on nothing else.

    `template` is the number of its design: 1 as built, 2 with other names and wrappers, 3 with plain `div`s for
    everything. `padding` fills a page to so many bytes with furniture. `headlines` stand in the navigation of every
    page. `rendered_at` is the "Current timestamp" of the kinds that print one.
    """

    id: str
    kind: str
    force: str
    area: str
    base_url: str = "http://127.0.0.1"
    title_suffix: str = ""
    date_label: str = ""
    organisations: str = ""
    towns: tuple[str, ...] = ()
    language: str = "en"
    banner: Banner | None = None
    template: int = 1
    padding: int = 0
    page_size: int = 10
    feed_items: int = 20
    headlines: tuple[Related, ...] = ()
    rendered_at: datetime = datetime(2026, 6, 16, 9, 0, tzinfo=UTC)

    def changed(self, **changes: object) -> Site:
        """The same site with other settings."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def slug(self) -> str:
        """The site's name in its own addresses."""
        return self.id

    def url(self, path: str) -> str:
        """An absolute address on this site."""
        return self.base_url + path


@dataclass(frozen=True, slots=True)
class ListingView:
    """One page of a listing: its cards, its number (from 1), how many pages there are, and what the next link needs."""

    cards: tuple[NewsArticle, ...]
    page: int = 1
    pages: int = 1
    cursor: str | None = None

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


def render(kind: str, article: NewsArticle, site: Site) -> bytes:
    """The page of an article in the shape of a kind, as UTF-8. The same arguments give the same bytes."""
    from forcewire.demo.pages import KINDS
    from forcewire.demo.pages.shell import finish

    return finish(KINDS[kind].article(article, site), site)


def render_listing(kind: str, view: ListingView, site: Site) -> bytes:
    """A listing page in the shape of a kind, as UTF-8."""
    from forcewire.demo.pages import KINDS
    from forcewire.demo.pages.shell import finish

    return finish(KINDS[kind].listing(view, site), site)

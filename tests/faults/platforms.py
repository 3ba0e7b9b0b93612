"""The sites of the matrix: each platform's reader on a site of its own, with stories that a composer wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.entries import SourceEntry, load_entry
from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.composer import compose
from forcewire.demo.entries import entry_text
from forcewire.demo.forces import FORCES

STORIES, LATER = 10, 5
_SITES = {site.kind: site for site in FORCES}


@dataclass(frozen=True, slots=True)
class Platform:
    """`kind`: of the site; `reader`: what reads it; `listings`: the kinds of its entry's listings, in their order."""

    name: str
    kind: str
    reader: str
    listings: tuple[str, ...] = ()

    def site(self) -> Site:
        """Its site, whose id is the platform's name."""
        return _SITES[self.kind].changed(id=self.name, feed_items=2 * STORIES)

    def entry(self, site: Site, folder: Path) -> SourceEntry:
        """Its entry, as a folder of sources holds it."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{site.id}.toml"
        path.write_text(entry_text(site, kinds=self.listings), "utf-8")
        return load_entry(path).model_copy(update={"reader": self.reader})


PLATFORMS = (
    Platform("single-online-home", "single_online_home", "single_online_home", ("html",)),
    Platform("single-online-home-feed", "single_online_home", "single_online_home", ("rss",)),
    Platform("mynewsdesk", "mynewsdesk", "mynewsdesk", ("html",)),
    Platform("govuk", "govuk", "govuk", ("atom",)),
    Platform("wordpress", "wordpress", "wordpress", ("html",)),
    Platform("wordpress-feed", "wordpress", "wordpress", ("rss",)),
    Platform("drupal", "drupal", "drupal", ("html",)),
    Platform("own-newsroom", "own_newsroom", "generic", ("html",)),
    Platform("generic", "drupal", "generic", ("html",)),
    Platform("umbraco", "own_newsroom", "umbraco", ("html",)),
    Platform("sharepoint", "own_newsroom", "sharepoint", ("html",)),
    Platform("prgloo", "own_newsroom", "prgloo", ("html",)),
    Platform("joomla", "wordpress", "joomla", ("html",)),
    Platform("guid-newsroom", "own_newsroom", "guid_newsroom", ("html",)),
)


def stories(site: Site, now: datetime) -> tuple[Sequence[NewsArticle], Sequence[NewsArticle]]:
    """Those that stand there at first, and those that come later."""
    made = compose(site, STORIES + LATER, now=now)
    return made[LATER:], made[:LATER]

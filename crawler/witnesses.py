"""Other pages of a source, read beside a suspect: is the site as it was, and what do they show that is new on them too?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Engine

from crawler.crawl import Crawl
from crawler.visiting import Visits
from storage.changes import Words
from storage.database import reading
from storage.furniture import known_furniture, story_differences
from storage.outcomes import REDRAWN
from storage.pieces import NO_DIFFERENCES, Differences, Piece, differences, overlap
from storage.witnesses import stored_words, witnesses

ENOUGH = 2


@dataclass(slots=True)
class Testimony:
    """What the witnesses showed. `asked`: how many; `alike`: by what those that tell their story differ from it as it was stored."""

    asked: int = 0
    alike: list[Differences] = field(default_factory=list)

    @property
    def nothing_is_there(self) -> bool:
        """Whether no page that was asked tells its story any more."""
        return self.asked > 0 and not self.alike

    @property
    def furniture(self) -> set[Piece]:
        """What all of them gained, or lost: at least two, for one may have been edited likewise."""
        if len(self.alike) < ENOUGH:
            return set()
        first, *others = self.alike
        shared = first.all
        for other in others:
            shared &= first.shared(other)
        return {piece for piece in shared if piece.field != "title"}

    @property
    def redrawn(self) -> bool:
        """Whether each of them differs by more than furniture."""
        furniture = self.furniture
        return len(self.alike) >= ENOUGH and all(found.without(furniture) for found in self.alike)

    def reason(self, suspects: int) -> str:
        """One line for the verdict."""
        return (
            f"{suspects} known pages and the {self.asked} asked beside them do not tell their stories any more: the site's doing, "
            "so nothing was marked as removed or edited"
        )


async def hear(crawl: Crawl, visits: Visits, store: Engine, suspects: Collection[str]) -> Testimony:
    """Asks live articles of the source that nobody suspects, in full, until two of them (or as many as a removal needs) tell their story. A page that this
    crawl read in full and found unchanged is a witness already.
    """
    wanted = max(ENOUGH, crawl.removal_rule.witnesses)
    read = len(crawl.unchanged - set(suspects))
    found = Testimony(asked=read, alike=[NO_DIFFERENCES] * min(read, wanted))
    source = crawl.entry.id
    with reading(store) as conn:
        urls = witnesses(conn, source, suspects, limit=2 * wanted)
        stored = stored_words(conn, source, urls)
        furniture = known_furniture(conn, [source]).get(source, frozenset())
    for url in urls:
        if len(found.alike) >= wanted:
            break
        found.asked += 1
        item = await visits.look(url)
        if item is None:
            continue
        new = Words(item.record.title, item.record.description, item.record.body)
        differing = differences(stored[url], new)
        if differing and overlap(stored[url].body, new.body) < REDRAWN:
            continue
        found.alike.append(story_differences(differing, furniture))
    return found

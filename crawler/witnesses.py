"""Other pages of a source, read beside a suspect: is the site as it was, and what do they show that is new on them too?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from crawler.crawl import Crawl
from crawler.items import ArticleItem, words_of_item
from crawler.visiting import Visits
from storage.changes import Words
from storage.database import reading
from storage.furniture import known_furniture, story_differences
from storage.outcomes import REDRAWN
from storage.pieces import Differences, Piece, differences, overlap
from storage.witnesses import stored_words, witnesses

ENOUGH = 2


@dataclass(slots=True)
class Testimony:
    """What the witnesses showed. `asked`: how many; `alike`: by what those that tell their story differ from it as it was stored."""

    asked: int = 0
    alike: list[Differences] = field(default_factory=list)

    def hear(self, old: Words, item: ArticleItem | None, furniture: frozenset[str]) -> None:
        """One more witness: its story as it was stored, and what its page gives now."""
        self.asked += 1
        if item is None:
            return
        new = words_of_item(item)
        differing = differences(old, new)
        if not differing or overlap(old.body, new.body) >= REDRAWN:
            self.alike.append(story_differences(differing, furniture))

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


async def hear(
    crawl: Crawl, visits: Visits, store: Engine, suspects: Collection[str], held: Mapping[str, ArticleItem]
) -> Testimony:
    """Asks live articles of the source that nobody suspects, in full, until two of them (or as many as a removal needs) tell
    their story; where all pages differ at once, they are each other's witnesses. A page that this crawl read before the suspects
    is none: a banner may have come in between.
    """
    source = crawl.entry.id
    wanted = max(ENOUGH, crawl.removal_rule.witnesses)
    found = Testimony()
    with reading(store) as conn:
        urls = witnesses(conn, source, suspects, limit=2 * wanted)
        stored = stored_words(conn, source, [*urls, *held])
        furniture = known_furniture(conn, [source]).get(source, frozenset())
    for url in urls:
        if len(found.alike) >= wanted:
            return found
        found.hear(stored[url], await visits.look(url), furniture)
    if len(found.alike) < wanted and len(held) > ENOUGH:
        for url, item in held.items():
            found.hear(stored[url], item, furniture)
    return found

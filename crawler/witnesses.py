"""Other pages of a source, read beside a suspect: is the site as it was, and what do they show that is new on them too?"""

from __future__ import annotations

import re
from collections import Counter
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
from storage.pieces import Differences, Piece, differences, overlap, steady_differences
from storage.witnesses import stored_words, witnesses

ENOUGH = 2  # for a site that is as it was
MANY = 4  # for one that is not: two may have been edited likewise
_MOST_ASKED = 6
_NEARLY_ALL = 0.8
_SHORT = 10  # words
_OWN_NUMBERS = re.compile(
    r"\b(?:call\w*|contact\w*|phone\w*|quot\w*|ref\w*|log|crime|incident|case|aged?|year-olds?|years? old|cyfeir\w*|ffoni\w*|oed)\b",
    re.I,
)


@dataclass(slots=True)
class Testimony:
    """What the witnesses showed. `asked`: how many; `alike`: by what those that tell their story differ from it as it was stored;
    `moving`: what differed between two looks at each page that was looked at twice, with its numbers left open;
    `doubtful`: the URLs of those that differ or tell it no more; `there`: one that tells it; `everybody`: no others are left.
    """

    asked: int = 0
    alike: list[Differences] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    moving: list[set[Piece]] = field(default_factory=list)
    there: str | None = None
    everybody: bool = False

    @property
    def nothing_is_there(self) -> bool:
        """Whether no page that was asked tells its story any more."""
        return self.asked > 0 and not self.alike

    @property
    def furniture(self) -> set[Piece]:
        """What nearly all of them gained, or lost, be it with other numbers on each."""
        clocks = Counter(piece for pieces in self.moving for piece in pieces)
        shown = {piece for piece, count in clocks.items() if count >= max(ENOUGH, _NEARLY_ALL * len(self.moving))}
        if len(self.alike) < (ENOUGH if self.everybody else MANY):
            return shown
        counts: Counter[tuple[str, Piece]] = Counter()
        for found in self.alike:
            counts.update(("added", piece) for piece in found.added)
            counts.update(("gone", piece) for piece in found.gone)
            counts.update(("counter", piece) for piece in {piece.masked for piece in found.all if _counts(piece)})
        least = _NEARLY_ALL * len(self.alike)
        shared = {piece for (_, piece), count in counts.items() if count >= least}
        return {piece for piece in shown | shared if not piece.field.startswith("title")}

    @property
    def redrawn(self) -> bool:
        """Whether nearly each of them differs by more than furniture."""
        known = frozenset(piece.digest for piece in self.furniture)
        differing = sum(bool(story_differences(found, known)) for found in self.alike)
        return len(self.alike) >= MANY and differing >= _NEARLY_ALL * len(self.alike)

    def reason(self, suspects: int) -> str:
        """One line for the verdict."""
        return (
            f"{suspects} known pages and the {self.asked} asked beside them do not tell their stories any more: the site's doing, "
            "so nothing was marked as removed or edited"
        )


def _counts(piece: Piece) -> bool:
    """Whether a line may be a counter or an age, which has another number each time: a short one, and none that a story's own
    numbers may stand in.
    """
    words = piece.text.split()
    return len(words) <= _SHORT and any(map(str.isdigit, piece.text)) and not _OWN_NUMBERS.search(piece.text)


class Hearing:
    """Asks live articles of the source that nobody suspects, in full. Two that tell their story (or as many as a removal needs)
    are enough, one of them as it was stored; where they differ, more are asked, and where all pages differ at once they are
    each other's witnesses. A page that the crawl read before the suspects is none: a banner may have come in between.
    """

    def __init__(self, crawl: Crawl, visits: Visits, store: Engine) -> None:
        self._wanted = max(ENOUGH, crawl.removal_rule.witnesses)
        self._visits = visits
        self._store = store
        self._source = crawl.entry.id
        self._found = Testimony()
        self._stored: dict[str, Words] = {}
        self._furniture: frozenset[str] = frozenset()

    async def hear(self, suspects: Collection[str], held: Mapping[str, ArticleItem]) -> Testimony:
        """What they show."""
        most = max(_MOST_ASKED, 2 * self._wanted)
        with reading(self._store) as conn:
            urls = witnesses(conn, self._source, suspects, limit=most)
            self._stored = stored_words(conn, self._source, [*urls, *held])
            self._furniture = known_furniture(conn, [self._source]).get(self._source, frozenset())
        found = self._found
        for url in urls:
            if len(found.alike) >= self._wanted and not (held and all(found.alike)):
                return found
            await self._ask(url)
        if all(found.alike):
            found.everybody = len(urls) < most
            if len(held) > ENOUGH:
                for url in list(held)[:: max(1, len(held) // most)][:most]:
                    await self._ask(url, held[url])
        return found

    async def _ask(self, url: str, item: ArticleItem | None = None) -> None:
        self._found.asked += 1
        item = item or await self._visits.look(url)
        if item is None:
            self._found.doubtful.append(url)
            return
        one, two = words_of_item(item), None
        if url in self._stored and differences(self._stored[url], one):
            again = await self._visits.look(url)
            two = words_of_item(again) if again is not None else None
        if two is not None:
            moved = differences(one, two).all
            self._found.moving.append({piece.masked for piece in moved if _counts(piece)})
        if self._weigh(url, one, two):
            self._found.there = url
        if two is not None and url not in self._found.doubtful and self._found.alike[-1]:
            self._found.doubtful.append(url)

    def _weigh(self, url: str, one: Words, two: Words | None) -> bool:
        """Whether the page tells its story; by what it differs is kept then."""
        old = self._stored.get(url)
        if old is None:
            return False
        differing = steady_differences(old, one, two) if two is not None else differences(old, one)
        if differing and overlap(old.body, one.body) < REDRAWN:
            self._found.doubtful.append(url)
            return False
        self._found.alike.append(story_differences(differing, self._furniture))
        return True

"""Events that change a story's words: an edit, its undoing, and a space that nobody sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from forcewire.demo.composer import Writer
from forcewire.demo.events import EventError, OfStory
from forcewire.demo.pressroom import Pressroom
from forcewire.demo.printing import time_and_date
from forcewire.demo.retelling import Retold


@dataclass(frozen=True, kw_only=True)
class Retell(OfStory):
    """Edit number `serial` (from 1) of story number `index`. `reprinted`: the printed date moves as well."""

    sort: str
    serial: int
    index: int
    published: datetime
    stage: int = 0
    reprinted: bool = False

    def happen(self, room: Pressroom) -> None:
        article = self.story(room)
        room.earlier.setdefault(self.path, []).append(article)
        writer = Writer(room.site, self.index, self.published)
        writer.title()
        random = Random(f"{self.site}/{self.index}/{self.serial}")
        changes: dict[str, object] = {"modified_at": room.now}
        if self.reprinted:
            changes["date_string"] = room.site.date_label + time_and_date(room.now)
        text = Retold(article, writer, random, self.serial, self.published)
        text.change(self.sort, self.stage)
        room.put(
            article.changed(**changes, title=text.title, description=text.description, body_html=text.body), room.now
        )


@dataclass(frozen=True, kw_only=True)
class TakeBack(OfStory):
    """The story has the words again that it had before its last edit."""

    def happen(self, room: Pressroom) -> None:
        article, earlier = self.story(room), room.earlier.get(self.path)
        if not earlier:
            raise EventError(f"{self.site}: the story at {self.path} was never edited")
        old = earlier.pop()
        room.put(article.changed(title=old.title, description=old.description, body_html=old.body_html), room.now)


@dataclass(frozen=True, kw_only=True)
class Respace(OfStory):
    """A space of the text becomes a no-break one, which nobody sees."""

    def happen(self, room: Pressroom) -> None:
        article = self.story(room)
        room.put(article.changed(body_html=article.body_html.replace(" the ", " the\u00a0", 1)), room.now)

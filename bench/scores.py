"""What came out beside what a record states, counted: days, minutes, titles, furniture, lost and added words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from zoneinfo import ZoneInfo

from storage.records import Precision, Record
from tests.archive.stated import Stated, bare
from tests.archive.words import markdown_text, page_html, plain_text, words

_LONDON = ZoneInfo("Europe/London")


@dataclass(slots=True)
class Score:
    """Records of one kind. Days are counted of records that state one (`known`), minutes of those that print a time."""

    records: int = 0
    failed: int = 0
    known: int = 0
    day_right: int = 0
    day_none: int = 0
    day_wrong: int = 0
    timed: int = 0
    minute_right: int = 0
    title_clean: int = 0
    furniture_left: int = 0
    story_lost: int = 0
    references: int = 0
    words: int = 0
    words_kept: int = 0
    words_found: int = 0
    seconds: float = 0.0

    def add(self, other: Score) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def date(self, stated: Stated, found: date | None) -> None:
        """Counts a day."""
        if stated.day is None:
            return
        self.known += 1
        self.day_right += found == stated.day
        self.day_none += found is None
        self.day_wrong += found not in (None, stated.day)

    def body(self, stated: Stated, text: str) -> None:
        """Counts the words of a text; a record has lost of its story when one word of 200 is missing."""
        wanted, found = Counter(words(plain_text(page_html(stated.text)))), Counter(words(text))
        kept = (wanted & found).total()
        self.words += wanted.total()
        self.words_kept += kept
        self.words_found += found.total()
        self.story_lost += kept < 0.995 * wanted.total()

    def record(self, stated: Stated, record: Record) -> None:
        """Counts all of a record."""
        self.records += 1
        exact = record.published_at is not None and record.published_precision in (Precision.MINUTE, Precision.DAY)
        self.date(stated, record.published_at.astimezone(_LONDON).date() if exact and record.published_at else None)
        if stated.minute is not None:
            self.timed += 1
            self.minute_right += record.published_at == stated.minute
        self.title_clean += record.title == stated.title
        self.references += bool(record.references)
        self.body(stated, markdown_text(record.body))
        lines = Counter(_line(line) for line in record.body.split("\n"))
        own = Counter(_line(line) for line in stated.story)
        self.furniture_left += any(
            any(c.isalnum() for c in line) and lines[_line(line)] > own[_line(line)] for line in stated.furniture
        )

    @property
    def f1(self) -> float:
        """Of words, each as often as it stands."""
        return 2 * self.words_kept / (self.words + self.words_found) if self.words else 0.0

    @property
    def milliseconds(self) -> float:
        """Processor time a record."""
        return 1000 * self.seconds / self.records if self.records else 0.0


def _line(text: str) -> str:
    return bare(text.replace("\\", "")).lstrip("#* ")

"""What a printed date is: its day in London, and the instant where a time stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from storage.records import Precision

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as a page states it: the day, the instant when a time stands beside it, and the words it was read from.

    `day` is the London day of an instant that states its zone, else the day as printed.
    """

    day: date
    at: datetime | None
    raw: str
    label: str = ""
    zoned: bool = False

    @property
    def precision(self) -> Precision:
        return Precision.MINUTE if self.at else Precision.DAY

    @property
    def utc(self) -> datetime:
        """The instant in UTC; a day alone is its 00:00 UTC (see `Precision`)."""
        return self.at if self.at else datetime.combine(self.day, time(), UTC)


def one_spaced(text: str) -> str:
    """The words of a date line without the marks of bold or italics around it."""
    return " ".join(text.split()).strip("*_ #")

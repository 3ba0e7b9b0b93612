"""Dates as pages print them: day first, months by name in many languages, a time before or after; zone-less is Europe/London.

`find()` finds a date anywhere in a text. `date_line()` accepts a line only when it says nothing but a date, which is how a
publication date is told from a date in the story.
"""

from __future__ import annotations

from crawler.dates.lines import date_line, label_of
from crawler.dates.printed import LONDON, PrintedDate, one_spaced
from crawler.dates.search import find
from crawler.dates.stamps import abroad, own_day, stamp
from crawler.dates.words import MONTHS
from crawler.dates.yearless import Yearless, yearless

__all__ = [
    "LONDON",
    "MONTHS",
    "PrintedDate",
    "Yearless",
    "abroad",
    "date_line",
    "find",
    "label_of",
    "one_spaced",
    "own_day",
    "stamp",
    "yearless",
]

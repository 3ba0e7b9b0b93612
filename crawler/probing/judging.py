"""What can be told from what was read: dates that differ, fields that lack, lines that stand everywhere, links that moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from crawler import dates
from crawler.checks import BadItem, check_record
from crawler.dates import LONDON
from crawler.entries import SourceEntry
from crawler.probing.checked import ArticleCheck, SourceCheck
from crawler.probing.measures import repeated_lines
from crawler.text import fold
from storage.records import Link, Precision, Record


def judge(each: ArticleCheck, record: Record, link: Link, entry: SourceEntry) -> None:
    """What can be told from one record and its link."""
    try:
        if odd := check_record(record, entry, datetime.now(UTC)):
            each.notes.append(odd)
    except BadItem as error:
        each.wrong.append(str(error))
    listed = dates.find(link.published_raw) if link.published_raw else None
    if listed and record.published_at and record.published_precision in (Precision.MINUTE, Precision.DAY):
        day = record.published_at.astimezone(LONDON).date()
        if record.published_from != "listing" and day != listed.day:
            each.wrong.append(
                f"the listing says {listed.day}, the page {day} ({record.published_from}: {record.published_raw})"
            )
    if link.title and not _alike(link.title, record.title):
        each.notes.append(f"the listing calls it {link.title!r}")


def judge_articles(found: SourceCheck, entry: SourceEntry) -> None:
    """What can be told from all of them: the entry's assertions, and lines that stand in each."""
    records = [record for _, record, _ in found.kept]
    for name, share in entry.assertions.fill.items():
        have = sum(1 for record in records if getattr(record, name))
        if records and have < int(share * len(records)):
            found.wrong.append(f"{have} of {len(records)} articles have {name} where {share:.0%} are expected")
        elif records and have < len(records):
            found.notes.append(f"{have} of {len(records)} articles have {name}")
    if lines := repeated_lines([record.body for record in records]):
        found.notes.append(
            f"in all {len(records)} bodies, furniture?: {lines[0]!r}"
            + (f" and {len(lines) - 1} more" if len(lines) > 1 else "")
        )


def compare_links(found: SourceCheck, first: Sequence[Link], second: Sequence[Link]) -> None:
    """A story that came in between stands on top and pushes the last one off; anything else is two answers to one question."""
    before, after = [link.url for link in first], [link.url for link in second]
    if before == after:
        return
    new = [url for url in after if url not in before]
    lost = [url for url in before if url not in after]
    rest = [url for url in after if url in before]
    if (
        rest == [url for url in before if url in after]
        and after[: len(new)] == new
        and before[len(before) - len(lost) :] == lost
    ):
        found.notes.append(f"{len(new)} new on the listing between the two reads")
    elif not new and not lost:
        found.notes.append("the listing orders its links otherwise each time")
    else:
        found.wrong.append(f"two reads of the listing differ: {len(lost)} links gone, {len(new)} others there")


def _alike(one: str, other: str) -> bool:
    a, b = fold(one), fold(other)
    return a == b or (
        len(min(a, b, key=len)) >= 10 and (a.startswith(b[:40]) or b.startswith(a[:40]) or a in b or b in a)
    )

"""Holds the changes of a store against the truth: found, missed, told twice, false, with wrong fields, late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from forcewire.demo.clock import Happening
from forcewire.demo.hearing import Hearing
from forcewire.demo.reports import Report, Told, line_of
from forcewire.demo.sight import Sight
from forcewire.demo.states import Looks, addresses, blind_spots, lives

__all__ = ["Looks", "Report", "Told", "judge"]


def judge(
    truth: Iterable[Happening],
    changes: Iterable[Told],
    *,
    until: datetime,
    looks: Looks | None = None,
    patience: timedelta = timedelta(days=1),
    removed_after: timedelta = timedelta(hours=1),
) -> Report:
    """Judge what was told from the first look to `until`.

    What lasted while somebody looked at it must be told, at that look: a withdrawal after a second look `removed_after`
    later, a new story as soon as a listing that shows it was looked at. What nobody could see (edited twice, or withdrawn
    and restored, between two looks, or while the site was broken) may be missing or folded into another change. Without
    `looks` whatever lasts for `patience` must be told by then.
    """
    rows = list(truth)
    stories = lives(rows)
    spots = blind_spots(rows)
    judges = {
        key: Hearing(Sight(story, looks, spots.get(story.site, []), until, patience, removed_after))
        for key, story in stories.items()
    }
    known, report = addresses(stories), Report()
    for change in sorted(changes, key=lambda each: each.at):
        parts = urlsplit(change.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        key = known.get((change.source, unquote(path)))
        if key is None:
            if change.change != "reparsed":
                report.false.append(f"{line_of(change)}: no such story")
            continue
        judges[key].hear(change, report)
    for each in judges.values():
        each.close(report)
    return report

"""From a crawl's verdict to what its source's past makes of it: a source with a story a day shows in no single crawl that it is not read
any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.checks import Verdict, commonest
from storage.database import reading
from storage.reading_well import Lost, last_trouble, lost_dates, lost_fields, unread_in_a_row
from storage.troubles import LOST, Trouble

if TYPE_CHECKING:
    from crawler.crawl import Crawl


def by_history(crawl: Crawl, verdict: Verdict) -> Verdict:
    """The verdict, or a worse one: failed where none of the newest pages could be read, degraded where a field was lost."""
    if verdict.verdict == "failed" or not crawl.found.complete:
        return verdict
    source = crawl.entry.id
    with reading(crawl.store) as conn:
        before = last_trouble(conn, source, crawl.number)
        unwell = crawl.found.failed or before is not None
        if unwell and (number := unread_in_a_row(conn, source)):
            trouble = commonest(crawl.found.failures, before or Trouble.PAGE_CHANGED)
            return Verdict("failed", f"none of the {number} newest pages on the listing could be read", trouble)
        lost = lost_dates(crawl.dated_before, crawl.dates) or lost_fields(conn, source)
    if lost is None and before is Trouble.DATE_UNREAD and not any(crawl.dates.values()):
        lost = Lost(Trouble.DATE_UNREAD, "no date was read since dates could not be read")
    if lost is None or verdict.trouble in LOST:
        return verdict
    crawl.issue(str(lost.trouble), lost.reason)
    crawl.batch.flush()
    return Verdict("degraded", lost.reason, lost.trouble)

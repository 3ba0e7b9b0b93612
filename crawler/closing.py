"""The end of a crawl: what is removed, the verdict, incidents, and what the store need not keep any longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crawler.checks import ENOUGH, FILL_FIELDS, Verdict, judge
from crawler.failures import StopCrawl
from crawler.history import by_history
from storage import crawls, kept_pages
from storage.database import reading, writing
from storage.erasing import erase_due
from storage.good_crawls import is_good
from storage.incidents import end_incidents, note_incident
from storage.known import latest_articles
from storage.mass_removals import NO_WITNESS
from storage.removals import MassRemoval, check_mass_removal, decide_removals
from storage.schedule import Ending, rearm, this_process
from storage.troubles import OURS, Trouble

if TYPE_CHECKING:
    from crawler.crawl import Crawl

_KINDS = ("mass removal", NO_WITNESS)  # told apart where removals are decided


def close(crawl: Crawl) -> Verdict:
    """Decides removals, writes how the crawl ended and returns the verdict. Raises `StoreError`.

    What is removed and the verdict that it rests on are one transaction: a crawl that is killed between them removed nothing.
    """
    crawl.batch.flush()
    _count_stored(crawl)
    verdict = by_history(crawl, judge(crawl.entry, crawl.found))
    if verdict.verdict == "ok":
        try:
            with writing(crawl.store) as conn:
                crawl.counts.removed = len(_remove(crawl, conn))
                _finish(crawl, conn, verdict)
        except MassRemoval as error:
            verdict = _refused(crawl, error)
    elif crawl.found.complete:
        try:
            with reading(crawl.store) as conn:
                check_mass_removal(conn, crawl.entry.id, rule=crawl.removal_rule, now=crawl.now())
        except MassRemoval as error:
            verdict = _refused(crawl, error)
    if verdict.verdict != "ok":
        with writing(crawl.store) as conn:
            _finish(crawl, conn, verdict)
    erase_due(crawl.store, crawl.entry.id, crawl.options.rules.retention, now=crawl.now())
    return verdict


def _refused(crawl: Crawl, error: MassRemoval) -> Verdict:
    # Told apart by their kind: what is gone while nothing is there has not begun to settle.
    kind = NO_WITNESS if crawl.witnesses == 0 else "mass removal"
    crawl.stopped(StopCrawl("failed", kind, str(error)))
    crawl.batch.flush()
    return judge(crawl.entry, crawl.found)


def _remove(crawl: Crawl, conn: Connection) -> list[int]:
    return decide_removals(
        conn, crawl.entry.id, crawl.number, rule=crawl.removal_rule, now=crawl.now(), witnesses=crawl.witnesses
    )


def _finish(crawl: Crawl, conn: Connection, verdict: Verdict) -> None:
    now = crawl.now()
    crawls.finish_crawl(
        conn,
        crawl.number,
        verdict=verdict.verdict,
        reason=verdict.reason,
        trouble=verdict.trouble,
        counts=crawl.counts,
        now=now,
    )
    if is_good(verdict.verdict, verdict.trouble, links=crawl.counts.links, read=crawl.counts.read):
        end_incidents(conn, crawl.entry.id, now)
    elif verdict.trouble not in OURS:
        stop, trouble = crawl.found.stop, verdict.trouble
        kind = stop.kind if stop is not None and stop.kind in _KINDS else str(trouble)
        note_incident(conn, crawl.entry.id, kind, f"{crawl.entry.id}: {verdict.reason}", now, trouble=trouble)
    kept_pages.prune(conn, keep_for=crawl.options.rules.retention.keep_pages, now=now)
    hosts = crawl.entry.host_names
    rearm(
        conn,
        crawl.entry.id,
        _ending(verdict),
        now,
        started_at=crawl.started_at,
        owner=this_process(),
        addresses={f"{scheme}://{host}" for scheme in ("http", "https") for host in hosts},
    )


def _ending(verdict: Verdict) -> Ending:
    """How the schedule takes it."""
    if verdict.trouble is Trouble.STOPPED:
        return "cut off"
    if verdict.verdict == "failed" and verdict.trouble in (Trouble.BLOCKED, Trouble.ROBOTS):
        return "blocked"
    return "degraded" if verdict.verdict == "degraded" else "failed" if verdict.verdict == "failed" else "ok"


def _count_stored(crawl: Crawl) -> None:
    """A source with a story a day would lose its dates unnoticed if each crawl were judged by itself."""
    if crawl.found.read >= ENOUGH or not crawl.entry.assertions.fill:
        return
    with reading(crawl.store) as conn:
        latest = latest_articles(conn, crawl.entry.id, limit=ENOUGH)
    for values in [values for values in latest if values["url"] not in crawl.read][: ENOUGH - crawl.found.read]:
        crawl.found.count_filled({name: values[name] for name in FILL_FIELDS})

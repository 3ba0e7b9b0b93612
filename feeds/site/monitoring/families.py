"""Every metric: its kind, its labels and what it says. docs/monitoring.md has the same table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Family(NamedTuple):
    """`kind`: gauge or counter, as Prometheus means them; a counter counts since this process began. Times are Unix times."""

    kind: str
    meaning: str
    labels: tuple[str, ...] = ()


_SOURCE = ("source",)

FAMILIES: Mapping[str, Family] = {
    "forcewire_build_info": Family("gauge", "1; which release, and the revision of its store", ("version", "revision")),
    "forcewire_store_up": Family("gauge", "Whether the store could be read for this scrape"),
    "forcewire_store_read_seconds": Family("gauge", "How long that took"),
    "forcewire_store_size_bytes": Family("gauge", "The store's file (SQLite), or its database (PostgreSQL)"),
    "forcewire_store_log_size_bytes": Family("gauge", "SQLite's log beside it: large while something reads for long"),
    "forcewire_disk_free_bytes": Family("gauge", "Free where the store and the feeds lie", ("what",)),
    "forcewire_disk_size_bytes": Family("gauge", "Size of the disk they lie on", ("what",)),
    "forcewire_disk_free_wanted_bytes": Family("gauge", "Setting disk_free: with less, /health/ready fails"),
    "forcewire_ready_after_seconds": Family("gauge", "Setting ready_after: the age at which news is too old"),
    "forcewire_backup_last_timestamp_seconds": Family("gauge", "The newest backup"),
    "forcewire_backups": Family("gauge", "Backups that are kept"),
    "forcewire_source_info": Family("gauge", "1; what a source is", ("source", "area", "reader")),
    "forcewire_source_state": Family("gauge", "1 for the state a source is in, 0 for the others", ("source", "state")),
    "forcewire_source_state_since_timestamp_seconds": Family("gauge", "When that state began", _SOURCE),
    "forcewire_source_last_good_crawl_timestamp_seconds": Family("gauge", "When it was last read well", _SOURCE),
    "forcewire_source_last_crawl_timestamp_seconds": Family("gauge", "When its last crawl ended, however", _SOURCE),
    "forcewire_source_last_story_timestamp_seconds": Family("gauge", "The date of its latest story", _SOURCE),
    "forcewire_source_next_due_timestamp_seconds": Family("gauge", "When it is due next", _SOURCE),
    "forcewire_source_failures": Family("gauge", "Failed crawls in a row", _SOURCE),
    "forcewire_source_page_errors": Family("gauge", "Article pages that its last crawl could not read", _SOURCE),
    "forcewire_source_stories_per_week": Family("gauge", "Its usual number, learned from its own last months", _SOURCE),
    "forcewire_articles": Family("gauge", "Articles stored and not removed", _SOURCE),
    "forcewire_incidents": Family("gauge", "Incidents going on"),
    "forcewire_schedule_sources": Family("gauge", "Sources that have a time at which they are due"),
    "forcewire_schedule_overdue": Family("gauge", "Those due for more than ten minutes that nobody crawls"),
    "forcewire_schedule_crawling": Family("gauge", "Those that are being crawled"),
    "forcewire_schedule_lag_seconds": Family("gauge", "How long the one that is due longest has waited"),
    "forcewire_last_good_crawl_timestamp_seconds": Family("gauge", "When a crawl of any source last went well"),
    "forcewire_last_crawl_timestamp_seconds": Family("gauge", "When one last ended, however"),
    "forcewire_crawls_total": Family("counter", "Crawls that ended, by verdict and the class of what was wrong", ("verdict", "trouble")),
    "forcewire_crawl_seconds_total": Family("counter", "How long they took together"),
    "forcewire_crawl_requests_total": Family("counter", "Requests they made"),
    "forcewire_crawl_received_bytes_total": Family("counter", "Bytes they were served"),
    "forcewire_crawl_pages_failed_total": Family("counter", "Pages they could not fetch or read"),
    "forcewire_changes_total": Family("counter", "Changes of articles they found; minor ones are not counted", ("change",)),
    "forcewire_issues_total": Family("counter", "Issues they noticed", ("kind",)),
    "forcewire_alerts": Family("gauge", "Alerts going on, by their state and whether somebody acknowledged them", ("state", "acknowledged")),
    "forcewire_alert_deliveries_waiting": Family("gauge", "Messages that a channel has not taken yet"),
    "forcewire_service_condition": Family("gauge", "1 for each part of the service that is not well", ("condition",)),
    "forcewire_http_requests_total": Family("counter", "Requests that the site answered, by the class of the status", ("code",)),
}  # fmt: skip

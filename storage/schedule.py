"""When each source is due, and who crawls it: one rule for cron, the service and workers on other machines.

The truth is `schedule.next_due_at`. A source that is due is claimed, crawled, and armed again in the transaction that finishes
its crawl; a process that dies loses nothing but its claim.
"""

from __future__ import annotations

from storage.claims import Claim, claim, release, renew
from storage.owners import Owner, this_process
from storage.planned import Planned, Upcoming, next_due, plan, upcoming
from storage.rearming import Ending, rearm

__all__ = [
    "Claim", "Ending", "Owner", "Planned", "Upcoming",
    "claim", "next_due", "plan", "rearm", "release", "renew", "this_process", "upcoming",
]  # fmt: skip

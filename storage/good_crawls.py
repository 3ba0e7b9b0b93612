"""Which crawls are good: they reached the listing and the pages behind it, and what they read lacks nothing that it always had."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables import CRAWL
from storage.troubles import LOST, Trouble

_READ = CRAWL.c.new + CRAWL.c.edited + CRAWL.c.restored + CRAWL.c.unchanged + CRAWL.c.not_modified
_TROUBLE = sa.func.coalesce(CRAWL.c.trouble, "")
# For a look by the index of verdicts: what a degraded crawl must be beside that.
USEFUL = (CRAWL.c.links > 0) & _TROUBLE.not_in(LOST) & ((_TROUBLE != Trouble.ASKED_TO_WAIT) | (_READ > 0))
GOOD = (CRAWL.c.verdict == "ok") | ((CRAWL.c.verdict == "degraded") & USEFUL)


def is_good(verdict: str, trouble: Trouble | None, *, links: int, read: int) -> bool:
    """The same of a crawl that is not stored yet. `read`: pages that answered with a story, or that it is as it was."""
    if verdict != "degraded":
        return verdict == "ok"
    return links > 0 and trouble not in LOST and (trouble is not Trouble.ASKED_TO_WAIT or read > 0)

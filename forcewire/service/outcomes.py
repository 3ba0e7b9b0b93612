"""What became of a crawl's process, and how that is said."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from crawler.children import line_in
from crawler.options import CrawlSummary
from forcewire.service.children import Child, Ended
from storage.ended_crawls import Blame
from storage.owners import Owner
from storage.troubles import Trouble

_CHANGES = ("new", "edited", "removed", "restored")
_COUNTS = (*_CHANGES, "unchanged", "not_modified", "failed", "requests", "bytes", "links")


@dataclass(slots=True)
class Outcome:
    """`summary`: its own word on how the crawl ended; `failure`: on why it could not begin; `blame`: of what the service says that it
    ended; `process`: None where there was none.
    """

    summary: CrawlSummary | None = None
    failure: str | None = None
    blame: Blame | None = None
    process: Owner | None = None
    ended: Ended = field(default_factory=lambda: Ended(None))

    async def listen(self, child: Child) -> None:
        """Takes down what the process tells, to its end."""
        async for line in child.lines():
            with suppress(ValueError, TypeError, KeyError, AttributeError):  # half a line of one that was killed
                told = line_in(line)
                if isinstance(told, CrawlSummary):
                    self.summary = told
                elif isinstance(told, str):
                    self.failure = told

    @property
    def may_have_changed(self) -> bool:
        """Whether feeds may differ now. One that did not come to its word may have stored some."""
        return self.summary is None or any(getattr(self.summary.counts, name) for name in _CHANGES)

    @property
    def cause(self) -> Blame | None:
        """Of what a crawl ended that could not write so itself."""
        if self.blame is None and self.summary is not None and self.summary.verdict == "failed":
            return Blame(Trouble.INTERNAL, self.summary.reason or "failed")
        return self.blame

    def said(self, source: str, seconds: float) -> tuple[str, int, dict[str, Any]]:
        """A line for a person, its level, and the fields for programs."""
        used = {"seconds": round(seconds, 1), "cpu": self.ended.cpu, "memory": self.ended.memory}
        if self.blame is not None or self.summary is None:
            why = self.blame.reason if self.blame else self.failure or "cut off"
            trouble = str(self.blame.trouble) if self.blame else None
            fields = {"source": source, "verdict": "failed", "reason": why, "trouble": trouble}
            return f"{source}: failed: {why}", logging.WARNING, fields | used
        summary = self.summary
        counts = {name: getattr(summary.counts, name) for name in _COUNTS}
        news = ", ".join(f"{counts[name]} {name}" for name in _CHANGES if counts[name]) or "nothing new"
        why = f"{summary.verdict}: {summary.reason}" if summary.reason else summary.verdict
        fields = {"source": source, "verdict": summary.verdict, "reason": summary.reason, "trouble": summary.trouble}
        level = logging.INFO if summary.verdict == "ok" else logging.WARNING
        return f"{source}: {why}; {news}", level, fields | counts | used

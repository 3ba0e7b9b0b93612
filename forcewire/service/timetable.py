"""APScheduler as the service uses it: in memory, each job at most once at a time, and none ever given up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from forcewire.service.telling import Tell

_MOMENT = timedelta(milliseconds=20)
_SET_BACK = timedelta(seconds=1)
_CLOCK_LOOK = 5.0  # seconds
_TROUBLE = EVENT_JOB_ERROR | EVENT_JOB_MISSED


class Timetable:
    """Jobs by name. The truth is in the store: what is lost with this process is only when to look there."""

    def __init__(self, tell: Tell) -> None:
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # each failure has a line of ours
        self._tell = tell
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_listener(self._on_trouble, _TROUBLE)
        self._scheduler.add_listener(lambda _: None, EVENT_JOB_MAX_INSTANCES)
        self._failed: dict[str, str] = {}
        self._reference = datetime.now(UTC)
        self._clock_look: asyncio.TimerHandle | None = None

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[None]]) -> None:
        """Runs a job now and then again and again; in place of one of the same name."""
        self._scheduler.add_job(
            job, "interval", seconds=seconds, id=name, replace_existing=True, next_run_time=datetime.now(UTC)
        )

    def soon(self, name: str) -> None:
        """Runs it in a moment, where it would not run before. Not at once: a run that has just ended counts as going on until the
        loop has turned, and another one would be left out.
        """
        job = self._scheduler.get_job(name)
        at = datetime.now(UTC) + _MOMENT
        if job is not None and job.next_run_time is not None and job.next_run_time > at:
            job.modify(next_run_time=at)

    def later(self, name: str, seconds: float) -> None:
        """Runs it in so many seconds and not before."""
        job = self._scheduler.get_job(name)
        if job is not None:
            job.modify(next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))

    def start(self) -> None:
        """Begins."""
        self._scheduler.start()
        self._look_at_clock()

    def stop(self) -> None:
        """Starts nothing more."""
        if self._clock_look is not None:
            self._clock_look.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _look_at_clock(self) -> None:
        """The scheduler goes by the machine's clock: when that is set back a day, nothing would run for a day."""
        now = datetime.now(UTC)
        if now < self._reference - _SET_BACK:
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=now)
        self._reference = now + timedelta(seconds=_CLOCK_LOOK)
        self._clock_look = asyncio.get_running_loop().call_later(_CLOCK_LOOK, self._look_at_clock)

    def _on_trouble(self, event: JobEvent) -> None:
        """A fault of a job's own frame: what jobs do has its errors caught and noted."""
        error: Any = getattr(event, "exception", None)
        if isinstance(error, asyncio.CancelledError):  # the service ends
            return
        why = f"{type(error).__name__}: {error}" if error is not None else "was missed"
        if self._failed.get(event.job_id) != why:
            self._failed[event.job_id] = why
            self._tell(event.job_id, f"{event.job_id}: {why}", level=logging.ERROR, error=why)

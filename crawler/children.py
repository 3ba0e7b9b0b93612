"""A pass split over processes: each gets whole hosts, so that a host still sees one request at a time."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from crawler.entries import SourceEntry
from crawler.options import CrawlEvent, CrawlOptions, CrawlSummary, OnEvent
from crawler.stopping import on_signals
from storage.crawls import Counts

_LONGEST_LINE = 2**24  # a summary with every issue of a crawl


async def crawl_in_children(
    groups: Sequence[Sequence[SourceEntry]], options: CrawlOptions, on_event: OnEvent | None
) -> list[CrawlSummary]:
    """Runs the groups in at most `options.processes` child processes and passes on what they tell."""
    shares: list[list[SourceEntry]] = [[] for _ in range(min(options.processes, len(groups)))]
    for number, group in enumerate(groups):
        shares[number % len(shares)].extend(group)
    children = [(await _start(), share) for share in shares]

    async def stop() -> None:
        for child, _ in children:
            _signal(child, hard=False)

    def kill() -> None:
        for child, _ in children:
            _signal(child, hard=True)

    async with on_signals(stop, kill):
        found = await asyncio.gather(*(_listen(child, share, options, on_event) for child, share in children))
    return [summary for summaries in found for summary in summaries]


async def _start() -> Process:
    root = str(Path(__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "crawler.child",
        stdin=PIPE,
        stdout=PIPE,
        limit=_LONGEST_LINE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,  # Ctrl-C reaches it through us alone: once, and not as a first and a second
    )


async def _listen(
    child: Process, share: Sequence[SourceEntry], options: CrawlOptions, on_event: OnEvent | None
) -> list[CrawlSummary]:
    assert child.stdin is not None
    assert child.stdout is not None
    # Its standard input stays open: the child ends when it closes, which happens when we die in whatever way.
    child.stdin.write(to_line(order_out(share, options)))
    await child.stdin.drain()
    summaries: list[CrawlSummary] = []
    failure = None
    async for line in child.stdout:
        told = line_in(line)
        if isinstance(told, CrawlSummary):
            summaries.append(told)
        elif isinstance(told, str):
            failure = told
        elif on_event is not None:
            on_event(told)
    code = await child.wait()
    done = {summary.source for summary in summaries}
    for entry in share:
        if entry.id not in done and code != 0:
            reason = failure or f"its process ended with exit code {code}"
            summaries.append(
                CrawlSummary(source=entry.id, verdict="failed", reason=reason, counts=Counts(), seconds=0.0)
            )
    return summaries


def _signal(child: Process, *, hard: bool) -> None:
    if child.returncode is None:
        if hard:
            child.kill()
        else:
            child.terminate()


def to_line(told: dict[str, Any]) -> bytes:
    """One line of JSON."""
    return json.dumps(told).encode() + b"\n"


def event_out(event: CrawlEvent) -> bytes:
    """An event as the parent reads it."""
    return to_line({"event": dataclasses.asdict(event)})


def summary_out(summary: CrawlSummary) -> bytes:
    """A summary as the parent reads it."""
    return to_line({"summary": dataclasses.asdict(summary)})


def failure_out(message: str) -> bytes:
    """Why nothing could begin, as the parent reads it."""
    return to_line({"failure": message})


def line_in(line: bytes) -> CrawlSummary | CrawlEvent | str:
    """What a child told with one line: how a crawl ended, a step of it, or why nothing could begin."""
    ((kind, told),) = json.loads(line).items()
    if kind == "failure":
        return str(told)
    made = CrawlSummary if kind == "summary" else CrawlEvent
    return made(**told | {"counts": Counts(**told["counts"])})


def order_out(entries: Sequence[SourceEntry], options: CrawlOptions) -> dict[str, Any]:
    """What a child is told to do. The options' clock does not go with it."""
    return {"entries": [_entry_out(entry) for entry in entries], "options": _options_out(options)}


def _entry_out(entry: SourceEntry) -> dict[str, Any]:
    return entry.model_dump(mode="json") | {"interval": entry.interval.total_seconds()}


def _options_out(options: CrawlOptions) -> Any:
    return options_adapter().dump_python(dataclasses.replace(options, processes=1, clock=None), mode="json")


@cache
def options_adapter() -> TypeAdapter[CrawlOptions]:
    """How options go from one process to another; made once, which takes as long as a short crawl."""
    return TypeAdapter(CrawlOptions)


def options_in(plain: Any) -> CrawlOptions:
    """The options as the child gets them."""
    return options_adapter().validate_python(plain)

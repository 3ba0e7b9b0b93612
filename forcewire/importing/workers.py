"""Deriving in processes of its own: as many as there are processors, each with a few parts of the archive ahead of it."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import Queue
from threading import Thread

from forcewire.importing.deriving import Derived, Entries, derived
from forcewire.importing.given import Given, Refused

Part = Sequence[tuple[Given, str] | Refused]  # each text with its digest
Made = list[Derived | Refused]

_AHEAD = 2  # parts that a worker has waiting; more only cost memory
_MOST_WORKERS = 6  # one writer keeps up with no more


class WorkerDiedError(Exception):
    """Raised when a process that derives has ended by itself, or cannot go on: killed, or out of memory."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """What a worker says before it ends."""

    reason: str


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def made_of(part: Part, entries: Entries) -> Made:
    """What comes of a part, in order."""
    return [each if isinstance(each, Refused) else _made_of(*each, entries) for each in part]


def _made_of(given: Given, digest: str, entries: Entries) -> Derived | Refused:
    """The outermost edge of a text: whatever is wrong with one, or with what reads it, the others are imported."""
    try:
        return derived(given, digest, entries)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001
        return Refused(given.where, f"cannot be read, by a fault of Forcewire that is worth a report: {_said(error)}")


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__} {error}".split())[:200]


@contextmanager
def deriving(parts: Iterable[Part], entries: Entries, processes: int) -> Iterator[Iterator[Made]]:
    """What comes of each part, in order. With one process the work is done here."""
    if processes < 2:
        yield (made_of(part, entries) for part in parts)
        return
    workers: list[tuple[SpawnProcess, Connection]] = []
    try:
        yield _shared_out(parts, entries, min(processes, _MOST_WORKERS), workers)
    finally:
        for process, line in workers:
            line.close()
            process.terminate()
            process.join()


def _shared_out(
    parts: Iterable[Part], entries: Entries, most: int, workers: list[tuple[SpawnProcess, Connection]]
) -> Iterator[Made]:
    """Parts go round the workers, and come back in the order they went. A worker is started when there is a part for it."""
    waiting: deque[int] = deque()
    for number, part in enumerate(parts):
        if len(waiting) >= most * _AHEAD:
            yield _received(workers[waiting.popleft()])
        turn = number % most
        if turn == len(workers):
            workers.append(_started(entries))
        _send(workers[turn], part)
        waiting.append(turn)
    while waiting:
        yield _received(workers[waiting.popleft()])


def _started(entries: Entries) -> tuple[SpawnProcess, Connection]:
    # Not forked: a fork would hold the others' lines open, and none would end when this process is killed.
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, entries), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _work(line: Connection, entries: Entries) -> None:
    """Runs in the worker. It ends when the line does, which happens when the parent ends in whatever way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    parts: Queue[Part] = Queue()
    Thread(target=_take, args=(line, parts), daemon=True).start()
    try:
        while True:
            line.send(made_of(parts.get(), entries))
    except (BrokenPipeError, ConnectionResetError):
        return
    except Exception as error:  # noqa: BLE001  the outermost edge of a process
        with suppress(OSError):
            line.send(_Fault(_said(error)))


def _take(line: Connection, parts: Queue[Part]) -> None:
    """Takes parts off the line as they come: if both ends waited to be rid of something large, they would wait for ever."""
    try:
        while True:
            parts.put(line.recv())
    except (EOFError, OSError):
        os._exit(0)


def _send(worker: tuple[SpawnProcess, Connection], part: Part) -> None:
    try:
        worker[1].send(part)
    except (BrokenPipeError, ConnectionResetError):
        raise WorkerDiedError(_death(worker[0])) from None


def _received(worker: tuple[SpawnProcess, Connection]) -> Made:
    try:
        made: Made | _Fault = worker[1].recv()
    except (EOFError, ConnectionResetError):
        raise WorkerDiedError(_death(worker[0])) from None
    if isinstance(made, _Fault):
        raise WorkerDiedError(f"a process that reads the archive cannot go on: {made.reason}")
    return made


def _death(process: SpawnProcess) -> str:
    process.join(5)
    return f"a process that reads the archive ended by itself (exit code {process.exitcode}); out of memory?"

"""What the system sees to while a crawl runs in a process of its own: how much memory it may have, and that it does not outlive
its parent.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading

_SET_PDEATHSIG = 1  # prctl(2), PR_SET_PDEATHSIG
_GRACE = 10.0  # seconds for a clean end once the parent is gone


def limit_memory(most: int) -> None:
    """No more than so many bytes of data (setrlimit(2), RLIMIT_DATA: since Linux 4.7 all private memory that can be written).
    An allocation beyond raises `MemoryError`. Not RLIMIT_AS: stacks and libraries that are never touched count there.
    """
    if sys.platform == "linux":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def die_with(parent: int) -> None:
    """The kernel ends this process when the thread that forked it ends, in whatever way (prctl(2)). Ends it at once when
    `parent` is gone already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def end_with_input() -> None:
    """Ends this process like after Ctrl-C once its standard input closes, which happens when its parent dies in whatever way;
    by force where that takes too long.
    """
    threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    # Not sys.stdin: a thread that waits in it holds its lock, and Python aborts when it cannot close it at its end.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(_GRACE)
    os.kill(os.getpid(), signal.SIGKILL)

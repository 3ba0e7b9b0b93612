"""What a crawl may take: so long, so much memory."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from forcewire.service.children import Child, Ended
from storage.ended_crawls import Blame
from storage.troubles import Trouble, span_said

GRACE = 20.0  # seconds that a crawl whose time is up has for its end
_LOOK = 1.0


async def watch_over(child: Child, *, seconds: float, memory: int) -> Blame | None:
    """Waits for the end of a child. One that takes longer than `seconds` is asked to end, and is ended by force after a grace; one
    that takes more than `memory` bytes is ended by force. Says why, or None where it ended by itself.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    blame: Blame | None = None
    while not child.ended.done():
        await asyncio.wait([child.ended], timeout=min(_LOOK, max(until - loop.time(), 0.01)))
        if child.ended.done():
            break
        if resident(child.pid) > memory:
            blame = too_much(memory)
            child.kill()
            until = loop.time() + GRACE
        elif loop.time() >= until:
            if blame is None:
                blame = Blame(
                    Trouble.TIME_LIMIT, f"took longer than {span_said(timedelta(seconds=seconds))}, and was ended"
                )
                child.end()
            else:
                child.kill()
            until = loop.time() + GRACE
    return blame or _died(child.ended.result(), memory)


def too_much(memory: int) -> Blame:
    """Why a crawl ended that wanted more memory than it may have."""
    return Blame(Trouble.MEMORY_LIMIT, f"took more than {memory // 10**6:,} MB of memory, and was ended")


def _died(ended: Ended, memory: int) -> Blame | None:
    """Of what a child died that nobody here ended. The kernel refuses memory before a look may see that it is too much."""
    if ended.code == 0:
        return None
    if ended.memory > memory * 0.8:
        return too_much(memory)
    if ended.code is None or ended.code in (-9, -15):
        return None  # ended from outside, perhaps together with the service
    how = f"died of signal {-ended.code}" if ended.code < 0 else f"ended with exit code {ended.code}"
    return Blame(Trouble.INTERNAL, f"its process {how}")


def resident(pid: int) -> int:
    """The memory that a process has now, in bytes (proc(5), statm); 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _page_size() -> int:
    import resource

    return resource.getpagesize()


_PAGE = _page_size()

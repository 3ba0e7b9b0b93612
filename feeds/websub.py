"""Telling a WebSub hub which feeds have something new, so that it tells their subscribers (W3C WebSub, 7: `hub.mode=publish`, the form
that all public hubs take).

A hub that does not answer costs a publish a few seconds and one line, never more: the feeds are in place already, and whoever asks
for them finds what is new.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import ClientSession

MOST_SECONDS = 20.0
ANSWER_SECONDS = 5.0
_AT_ONCE = 4
_MOST_FAILURES = 5  # a hub that is down is not asked a thousand times
_NO_TIME = "no time was left"


def tell_hub(
    hub: str, urls: Collection[str], *, seconds: float = MOST_SECONDS, answer_seconds: float = ANSWER_SECONDS
) -> str | None:
    """Posts each URL to the hub, for `seconds` in all and `answer_seconds` for one answer at most. One line where not all of
    them were taken, else None. Not to be called where an event loop runs: `told` is for there.
    """
    return asyncio.run(told(hub, urls, seconds=seconds, answer_seconds=answer_seconds))


async def told(
    hub: str, urls: Collection[str], *, seconds: float = MOST_SECONDS, answer_seconds: float = ANSWER_SECONDS
) -> str | None:
    """As `tell_hub`."""
    if not urls:
        return None
    from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

    pings = _Pings(hub, iter(urls))
    timeout = ClientTimeout(total=answer_seconds)
    async with ClientSession(timeout=timeout, cookie_jar=DummyCookieJar(), trust_env=True) as session:
        try:
            await asyncio.wait_for(asyncio.gather(*(pings.work(session) for _ in range(_AT_ONCE))), seconds)
        except TimeoutError:
            pings.failures[_NO_TIME] += 1
    missed = len(urls) - pings.taken
    if not missed:
        return None
    why = pings.failures.most_common(1)[0][0]
    return (
        f"hub {hub}: {missed} of {len(urls)} feeds could not be told: {why}; their readers find out when they ask next"
    )


@dataclass(slots=True)
class _Pings:
    hub: str
    urls: Iterator[str]
    taken: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    async def work(self, session: ClientSession) -> None:
        for url in self.urls:
            why = await self._post(session, url)
            if why is None:
                self.taken += 1
            else:
                self.failures[why] += 1
            if self.failures.total() >= _MOST_FAILURES:
                return

    async def _post(self, session: ClientSession, url: str) -> str | None:
        """Why the hub did not take it, or None. No redirect is followed: as a GET it would be an answer to another question."""
        from aiohttp import ClientError

        try:
            form = {"hub.mode": "publish", "hub.url": url}
            async with session.post(self.hub, data=form, allow_redirects=False) as answer:
                return None if 200 <= answer.status < 300 else f"it answered {answer.status}"
        except TimeoutError:
            return "it did not answer in time"
        except (ClientError, OSError, ValueError) as error:
            return " ".join(str(error).split()) or type(error).__name__

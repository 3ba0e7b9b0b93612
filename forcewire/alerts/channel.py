"""What a channel is, and that none may keep the others waiting for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

SECONDS = 30.0
"""For a message to be taken, whatever the other side does meanwhile: a server that sends a byte a second is not waited for."""


class ChannelError(Exception):
    """Why a channel did not take a message, in one line without an address, a user or a password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent. `key` is the same for each try: receivers tell by it what they have. `thread`: the keys of the messages that said that
    what this one tells began; `items`: as in a notice; `is_test`: nothing is wrong.
    """

    key: str
    at: datetime
    title: str
    text: str
    items: list[dict[str, Any]] = field(default_factory=list)
    thread: tuple[str, ...] = ()
    is_test: bool = False


class Channel(Protocol):
    """One way to the operators. `key` names it in the store, `shown` for people; neither holds a secret."""

    @property
    def key(self) -> str: ...
    @property
    def shown(self) -> str: ...
    def send(self, message: Message) -> None:
        """Raises `ChannelError` where it was not taken."""


def in_time(call: Callable[[], None], seconds: float = SECONDS) -> None:
    """Runs a call on a thread of its own, and raises what it raises. Raises `ChannelError` where it takes longer: then nobody knows whether
    the message arrives yet.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:  # noqa: BLE001  # raised again below
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True, name="alert")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise ChannelError(f"it took longer than {seconds:.0f} seconds")
    if raised:
        raise raised[0]

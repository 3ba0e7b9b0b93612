"""Where messages go: e-mail, chats, webhooks, by Apprise's URLs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from feeds.alerts.searches import AlertError, SavedSearch
from feeds.alerts.texts import Message

# Rooms, addresses of e-mail, and what is masked already; of services without a host a secret stands in its place.
_PLAIN = re.compile(r"[#!@].*|.*@.*|localhost|\*+|.\.\.\.?.")
_HOST = re.compile(r"(.*@)?(localhost|[^@]*[.:][^@]*)")


class Target:
    """One URL. `shown` is the URL without its secrets. Raises `AlertError` for one that Apprise does not know."""

    def __init__(self, url: str, where: str, apprise: Any) -> None:
        self.url = url
        self._sender = apprise.Apprise()
        if not self._sender.add(url):  # it raises nothing
            scheme = url.partition("://")[0] if "://" in url else "it has no scheme"
            raise AlertError(f"{where}: an address of `to` is no URL that Apprise can send to ({scheme[:40]})")
        if len(self._sender) != 1:  # of two that share an answer, one would be told again when the other fails
            raise AlertError(
                f"{where}: a text of `to` has {len(self._sender)} addresses; put each in quotes of its own"
            )
        self.shown = _without_secrets(self._sender[0].url(privacy=True))

    def send(self, message: Message) -> bool:
        """Whether it went out. Apprise tells network errors, refusals and time-outs by this alone."""
        return bool(self._sender.notify(title=message.title, body=message.body, body_format="text"))


def _without_secrets(url: str) -> str:
    """What Apprise knows to be secret it has masked. The path of a webhook, or the topic of a push service, may be one as well."""
    parts = urlsplit(url.partition("?")[0])
    host = parts.netloc if _HOST.fullmatch(parts.netloc) else _masked(parts.netloc)
    return "/".join((f"{parts.scheme}://{host}", *map(_masked, filter(None, parts.path.split("/")))))


def _masked(part: str) -> str:
    return part if _PLAIN.fullmatch(unquote(part)) else f"{part[:1]}...{part[-1:]}"


def targets(searches: Iterable[SavedSearch]) -> dict[str, list[Target]]:
    """All of them by the search's name, made sure of before the first message. Raises `AlertError`."""
    try:
        import apprise
    except ImportError as error:
        raise AlertError("sending needs Apprise, which is not installed: pip install 'forcewire[notify]'") from error
    return {
        search.name: [Target(url, f"search {search.name}", apprise) for url in dict.fromkeys(search.to)]
        for search in searches
    }

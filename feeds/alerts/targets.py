"""Where messages go: e-mail, chats, webhooks, by Apprise's URLs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from feeds.alerts.searches import AlertError, SavedSearch
from feeds.alerts.texts import Message


class Target:
    """One URL. `shown` is the URL without its secrets. Raises `AlertError` for one that Apprise does not know."""

    def __init__(self, url: str, where: str, apprise: Any) -> None:
        self.url = url
        self._sender = apprise.Apprise()
        if not self._sender.add(url):  # it raises nothing
            scheme = url.partition("://")[0] if "://" in url else "it has no scheme"
            raise AlertError(f"{where}: an address of `to` is no URL that Apprise can send to ({scheme[:40]})")
        self.shown = " ".join(each.url(privacy=True).partition("?")[0] for each in self._sender)

    def send(self, message: Message) -> bool:
        """Whether it went out. Apprise tells network errors, refusals and time-outs by this alone."""
        return bool(self._sender.notify(title=message.title, body=message.body, body_format="text"))


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

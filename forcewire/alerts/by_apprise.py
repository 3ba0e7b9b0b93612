"""Alerts through Apprise: chats, push services and whatever else it knows (the extra `notify`)."""

from __future__ import annotations

from hashlib import sha256

from feeds.alerts.searches import AlertError
from feeds.alerts.targets import Target
from feeds.alerts.texts import Message as Plain
from forcewire.alerts.channel import ChannelError, Message, in_time


class ByApprise:
    """The channel of one URL of `alert_apprise`."""

    def __init__(self, url: str) -> None:
        # The URL holds a password: the store has only its digest.
        self.key = f"apprise:{sha256(url.encode()).hexdigest()[:12]}"
        self._target = _target(url)
        self.shown = self._target.shown

    def send(self, message: Message) -> None:
        """Raises `ChannelError`. Apprise says no more than that it did not work."""
        sent: list[bool] = []
        in_time(lambda: sent.append(self._target.send(Plain(message.title, message.text))))
        if not sent[0]:
            raise ChannelError("it took no message")


def _target(url: str) -> Target:
    try:
        import apprise
    except ImportError as error:
        raise ChannelError(
            "alert_apprise needs Apprise, which is not installed: pip install 'forcewire[notify]'"
        ) from error
    try:
        return Target(url, "alert_apprise", apprise)
    except AlertError as error:
        raise ChannelError(str(error)) from error

"""The channels that an operator set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from forcewire.alerts.channel import Channel, ChannelError, Message

if TYPE_CHECKING:
    from forcewire.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Unusable:
    """Stands for a channel that is set so that it cannot work: it takes nothing, says why, and keeps none of the others from working."""

    key: str
    shown: str
    why: str

    def send(self, message: Message) -> None:
        raise ChannelError(self.why)


def channels(settings: Settings) -> list[Channel]:
    """All of them; none where no alerts are wanted."""
    return [*_all(settings)]


def _all(settings: Settings) -> Iterator[Channel]:
    if settings.alert_webhook:
        from forcewire.alerts.webhook import Webhook

        yield Webhook(settings.alert_webhook)
    if settings.smtp and settings.alert_mail_to:
        yield _made("mail", lambda: _mail(settings))
    elif settings.smtp or settings.alert_mail_to:
        missing = "alert_mail_to" if settings.smtp else "smtp"
        yield Unusable("mail", "mail", f"{missing} is not set; mail needs smtp and alert_mail_to")
    for number, url in enumerate(dict.fromkeys(settings.alert_apprise), 1):
        yield _made(f"apprise:{number}", lambda url=url: _apprise(url))  # type: ignore[misc]


def _made(key: str, make: Callable[[], Channel]) -> Channel:
    try:
        return make()
    except ChannelError as error:
        return Unusable(key, key, str(error))


def _mail(settings: Settings) -> Channel:
    from forcewire.alerts.mail import Mail

    return Mail(settings.smtp or "", settings.alert_mail_to, settings.alert_mail_from)


def _apprise(url: str) -> Channel:
    from forcewire.alerts.by_apprise import ByApprise

    return ByApprise(url)

"""Alerts as JSON by POST. docs/alert.schema.json says what is in it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from forcewire.alerts.asking import ask
from forcewire.alerts.channel import Message

SCHEMA = 1
"""The number of the document's form. A field may be added to it; what one means does not change without another number."""

_FIELDS = ("event", "subject", "name", "state", "before", "sources", "why", "trouble", "since", "last_good_at", "well_since", "relapses")  # fmt: skip


def document(message: Message) -> dict[str, Any]:
    """What is posted. `text` is what chats show that take {"text": ...}."""
    return {
        "schema": SCHEMA,
        "id": message.key,
        "at": message.at.isoformat(),
        "kind": "test" if message.is_test else "alerts",
        "title": message.title,
        "text": f"{message.title}\n\n{message.text}",
        "alerts": [{"id": item["alert"], **{name: item[name] for name in _FIELDS}} for item in message.items],
    }


class Webhook:
    """The channel of `alert_webhook`."""

    key = "webhook"

    def __init__(self, url: str) -> None:
        self._url = url
        self.shown = f"webhook at {urlsplit(url).hostname}"

    def send(self, message: Message) -> None:
        """Raises `ChannelError` unless it answers 2xx."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.key}
        ask(self._url, body=json.dumps(document(message)).encode(), headers=headers)

"""What a message says: what, since when, why, what was last good, what to do."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from feeds.alerts.texts import plain_line
from feeds.text import shortened
from forcewire.alerts.advice import advice
from forcewire.alerts.channel import Message
from storage.alert_decisions import Event
from storage.notices import Notice

_MOST_TOLD, _MOST_NAMED = 30, 12  # alerts in full; sources of one that are named
_LONGEST_NAME, _LONGEST_WHY = 80, 600

_Item = Mapping[str, Any]


def message(notice: Notice, base_url: str | None) -> Message:
    """A notice in words. `base_url`: the site's, where there is one."""
    items = notice.items
    parts = [_told(item) for item in items[:_MOST_TOLD]]
    if len(items) > _MOST_TOLD:
        rest = ", ".join(_name(item) for item in items[_MOST_TOLD:])
        parts.append(f"And {len(items) - _MOST_TOLD} more: {shortened(rest, 2000)}.")
    thread = tuple(dict.fromkeys(item["first"] for item in items if item["first"]))
    text = "\n\n".join(filter(None, [*parts, _foot(items, base_url)]))
    return Message(key=notice.key, at=notice.at, title=_title(items), text=text, items=items, thread=thread)


def trial(now: datetime) -> Message:
    """What `forcewire alerts test` sends."""
    text = "This is a test. Alerts of sources, and of the service itself, will come here."
    return Message(key=uuid.uuid4().hex, at=now, title="Forcewire: a test", text=text, is_test=True)


def _title(items: Sequence[_Item]) -> str:
    if len(items) == 1:
        return f"Forcewire: {_name(items[0])} {_word(items[0])}"
    number = Counter("worse" if item["event"] == Event.WORSE else _word(item) for item in items)
    return f"Forcewire: {', '.join(f'{many} {word}' for word, many in number.items())}"


def _word(item: _Item) -> str:
    state = "not well" if item["subject"].startswith("service:") else item["state"]
    match item["event"]:
        case Event.ENDED:
            return "recovered"
        case Event.LASTS:
            return f"still {state}"
        case Event.WORSE:
            return f"{state}, was {item['before']}"
    return str(state)


def _told(item: _Item) -> str:
    since, is_over = _moment(item["since"]), item["event"] == Event.ENDED
    head = f"{_name(item)}: {_word(item)}"
    lines = [f"{head}, after {item['before']} since {since}" if is_over else f"{head}, since {since}"]
    lines.append(f"  {shortened(plain_line(item['why']), _LONGEST_WHY)}")
    if len(item["sources"]) > 1:
        lines.append(f"  Sources: {_some(item['sources'])}")
    if not is_over:
        if item["last_good_at"]:
            lines.append(f"  Last read well: {_moment(item['last_good_at'])}")
        if item["relapses"]:
            lines.append(
                "  It was told as recovered within the last day. It comes and goes: the next word is when it was well for a day."
            )
        lines.append(f"  What to do: {advice(item['subject'], item['state'], item['trouble'], item['sources'])}")
    return "\n".join(lines)


def _foot(items: Sequence[_Item], base_url: str | None) -> str:
    lines = [f"All sources: {base_url.rstrip('/')}/status"] if base_url else []
    open_ones = [str(item["alert"]) for item in items if item["event"] != Event.ENDED]
    if open_ones:
        which = open_ones[0] if len(open_ones) == 1 else "NUMBER"
        numbers = "" if len(open_ones) == 1 else f" (numbers here: {_some(open_ones)})"
        lines.append(f"Seen to: forcewire alerts ack {which}{numbers}. Else it is told again in a week.")
    return "\n".join(lines)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _name(item: _Item) -> str:
    name = shortened(plain_line(item["name"]), _LONGEST_NAME)
    kind, _, what = item["subject"].partition(":")
    if kind == "service":
        return f"Service ({name})"
    return f"{name} ({what})" if kind == "source" else name


def _moment(iso: str) -> str:
    at = datetime.fromisoformat(iso)
    return f"{at.day} {at:%B %Y %H:%M} UTC"

"""What is logged, made safe: masked, without control characters and line breaks, and of bounded length."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from forcewire.settings.masks import MASK, masked

_LONGEST, _LOOKED_AT = 500, 4000  # characters: more is cut, and masks are looked for in a little more than is kept
_MOST_FIELDS, _MOST_ITEMS, _DEEPEST = 40, 20, 5
_MAY_QUOTE = ("exc_value", "reason")  # a page, where it could not be read
# Python, and we, quote what a page said: 'so', "so" or “so”. An unended quote goes to the end.
_QUOTED = re.compile(
    r"""(?<!\w)'(?:\\.|[^'\\]|'(?=\w))*(?:'|$)|(?<!\w)"(?:\\.|[^"\\]|"(?=\w))*(?:"|$)|“[^”]*(?:”|$)|‘[^’]*(?:’(?!\w)|$)""",
    re.DOTALL,
)


class Tamed:
    """A processor of structlog. `secrets` are masked wherever they are found, beside what looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted({secret for secret in secrets if len(secret) > 3}, key=len, reverse=True)

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        kept = list(event.items())[:_MOST_FIELDS]
        must = {name: event[name] for name in ("event", "level", "logger", "timestamp") if name in event}
        return {self._text(str(name)): self._value(name, value, 0) for name, value in {**must, **dict(kept)}.items()}

    def _value(self, name: Any, value: Any, depth: int) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self._text(plain(value) if name in _MAY_QUOTE else value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, timedelta):
            return value.total_seconds()
        if isinstance(value, Path):
            return self._text(str(value))
        if depth < _DEEPEST and isinstance(value, Mapping):
            some = list(value.items())[:_MOST_FIELDS]
            return {self._text(str(key)): self._value(key, each, depth + 1) for key, each in some}
        if depth < _DEEPEST and isinstance(value, list | tuple):
            return [self._value(name, each, depth + 1) for each in value[:_MOST_ITEMS]]
        return f"<{type(value).__name__}>"  # an item, a page: never what is in it

    def _text(self, text: str) -> str:
        text = text[:_LOOKED_AT]
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        text = "".join(c if c.isprintable() else " " for c in masked(text))
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def plain(text: str) -> str:
    """A reason or an error without what it quotes, which may be a page's own words."""
    return _QUOTED.sub("‘…’", text[:_LOOKED_AT])

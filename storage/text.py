"""What a database cannot hold is taken out here, so that no page can lose the batch it came in."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, overload

# NUL ends a text in PostgreSQL, a lone surrogate has no UTF-8, and one control character loses a whole XML feed.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes(set(range(32)) - {9, 10, 13} | {127})
_BREAKS = re.compile("[\x0b\x0c\x85]")
_DEEPEST = 100


@overload
def storable(text: str) -> str: ...
@overload
def storable(text: None) -> None: ...
def storable(text: str | None) -> str | None:
    """The text without control characters (tab and line ends stay), NUL and lone surrogates; a vertical tab, form feed
    or next-line mark becomes a blank, because it parts words.
    """
    if text is None or _is_storable(text):
        return text
    return _BREAKS.sub(" ", _UNSTORABLE.sub("", text))


def _is_storable(text: str) -> bool:
    """Most texts are; told with what runs at the speed of C, because each text of each page passes here."""
    if text.isprintable():
        return True
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return False
    if len(data.translate(None, _CONTROLS)) != len(data):
        return False
    return (b"\xc2" not in data and b"\xef\xbf" not in data) or not (_UNSTORABLE.search(text) or "\x85" in text)


def storable_json(value: Any, depth: int = 0) -> Any:
    """The same for all texts in a nested value. What JSON has no form for becomes text, NaN and the infinities null;
    what is nested deeper than 100 levels is left out.
    """
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth >= _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {storable(str(key)): storable_json(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [storable_json(inner, depth + 1) for inner in value]
    return storable(str(value))

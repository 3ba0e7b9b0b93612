"""Text as TOML writes it."""

from __future__ import annotations

import json


def quoted(text: str) -> str:
    """A TOML basic string. JSON's escapes are TOML's (https://toml.io/en/v1.0.0#string), but for two: DEL must be escaped,
    and what lies beyond U+FFFF must not be written as a pair of surrogates.
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

"""Secrets as they may be shown: passwords, tokens and the paths of web hooks, which are passwords too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from forcewire.settings.keys import Key

MASK = "***"
_USER = re.compile(r"(?i)\b([a-z][a-z0-9+.\-]{0,30}://)([^\s/?#@:]*):(\S*)@")  # a password may hold any sign
_LONE = re.compile(r"(?i)\b([a-z][a-z0-9+.\-]{0,30}://)[^\s/?#@:]+@")
_NAMED = re.compile(
    r"(?i)([?&;\s\"'](?:[\w\-]*(?:token|secret|passw(?:or)?d|api[_\-]?key|signature|credential)[\w\-]*|pass|pwd|sig|auth|key)"
    r"[\"']?\s*[=:]\s*[\"']?)([^\s&;\"',]+)"
)
_HEADER = re.compile(
    r"(?i)\b(authorization\s*[:=]\s*|bearer\s+|basic\s+(?=[a-z0-9+/=_\-]{8}))((?:bearer|basic)\s+)?\S+"
)
_STORE_HAS = re.compile(r"(?i)://[^\s/?#@]*:[^\s/?#]*@|[?&]password=")


def masked(text: str) -> str:
    """A text without the passwords of its URLs, the values of parameters that are named like secrets, and credentials."""
    if "://" in text:
        text = _USER.sub(rf"\1\2:{MASK}@", text)
        text = _LONE.sub(rf"\1{MASK}@", text)
    text = _NAMED.sub(rf"\1{MASK}", text)
    return _HEADER.sub(rf"\1{MASK}", text)


def masked_value(key: Key, value: Any) -> Any:
    """A key's value as it may be shown. The store and a mail server keep what is no password; of other URLs only the host
    of http(s) is left, since their paths let anybody in who knows them.
    """
    if not key.secret or value is None:
        return value
    if isinstance(value, list | tuple):
        return [_masked_url(str(each)) for each in value]
    if key.kind in ("store", "mail server"):
        return masked(str(value))
    if key.kind == "list":
        from forcewire.settings.values import texts

        return [_masked_url(each) for each in texts(value)]
    return _masked_url(str(value))


def _masked_url(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    if not mark:
        return MASK
    host = re.split(r"[/?#]", rest)[0].rpartition("@")[2]
    return f"{scheme}://{host}/{MASK}" if scheme in ("http", "https") else f"{scheme}://{MASK}"


def holds_secret(key: Key, value: Any) -> bool:
    """Whether a value of the file is one: a store's URL or a mail server's only where it has a password."""
    if not key.secret or not value:
        return False
    return key.kind not in ("store", "mail server") or _STORE_HAS.search(str(value)) is not None


def secret_texts(key: Key, value: Any) -> Iterator[str]:
    """The texts that must not be found in a log: the value, and the password in it."""
    for each in value if isinstance(value, list | tuple) else (value,):
        if holds_secret(key, each):
            yield str(each)
            yield from _passwords(str(each))


def _passwords(url: str) -> Iterable[str]:
    try:
        password = urlsplit(url).password
    except ValueError:
        return ()
    return {password, unquote(password)} if password and len(password) > 3 else ()

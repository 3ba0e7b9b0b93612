"""A request to an address that the operator set: never to where its answer leads, and never told with what it holds."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from forcewire.alerts.channel import ChannelError, in_time

_STALLED = 15.0  # seconds without a byte
_AGENT = "Forcewire (alerts)"


class _Stays(HTTPRedirectHandler):
    """A token for one host is nothing to show to another one."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask(url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None) -> None:
    """GET, or POST where there is a body. Returns where the answer is 2xx. Raises `ChannelError`. The address may be a private one: it is the
    operator's own. A proxy of the environment is used.
    """
    request = _request(url, body, headers or {})

    def send() -> None:
        with build_opener(_Stays).open(request, timeout=_STALLED) as answer:
            answer.read(1)

    try:
        in_time(send)
    except HTTPError as error:
        error.close()
        what = "it leads somewhere else" if 300 <= error.code < 400 else "it was not taken"
        raise ChannelError(f"HTTP {error.code}: {what}") from None
    except URLError as error:
        raise ChannelError(_said(error.reason)) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ChannelError(_said(error)) from None


def _request(url: str, body: bytes | None, headers: dict[str, str]) -> Request:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    request = Request(urlunsplit(parts._replace(netloc=host, fragment="")), data=body, headers=headers)
    request.add_header("User-Agent", _AGENT)
    if parts.username is not None:
        from base64 import b64encode

        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
        request.add_unredirected_header("Authorization", f"Basic {b64encode(pair).decode('ascii')}")
    return request


def _said(reason: object) -> str:
    if isinstance(reason, ssl.SSLError):
        return f"its certificate is not accepted ({reason.reason or 'TLS'})"
    if isinstance(reason, TimeoutError):
        return "it does not answer in time"
    if isinstance(reason, socket.gaierror):
        return "its name leads nowhere"
    if isinstance(reason, ConnectionError):
        return "it refuses the connection, or broke it off"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror.lower()
    return "its answer is no HTTP" if isinstance(reason, http.client.HTTPException) else "it cannot be asked"

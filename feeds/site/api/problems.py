"""Answers to what cannot be answered, as application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from feeds.names import near
from feeds.site.api.shapes import Problem

MEDIA_TYPE = "application/problem+json"

_MOST_SHOWN = 60


class Refused(Exception):  # noqa: N818  # what it says, not that it is an error
    """A request that gets a problem for an answer."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.problem = Problem(status=status, title=HTTPStatus(status).phrase, detail=detail, **more)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        body = self.problem.model_dump_json(exclude_defaults=True).encode()
        body = body.replace(b"{", b'{"type":"about:blank",', 1)
        return Response(body, self.problem.status, self.headers, MEDIA_TYPE)


def problem_of(path: str, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> Response | None:
    """The same for what goes wrong outside of the API's own views; None where the path is not one of the API."""
    return Refused(status, sentence, headers=headers).response() if path.startswith("/api/") else None


def shown(text: str) -> str:
    """A stranger's text in a sentence: short, on one line, in quotes."""
    return repr(text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…")


def unknown(what: str, word: str, names: list[str], *, parameter: str) -> Refused:
    """404 for a name in a filter that nothing in the store has."""
    like = near(word, names)
    said = f"; did you mean {' or '.join(like)}?" if like else "."
    return Refused(404, f"There is no {what} {shown(word)}{said}", parameter=parameter, near=like)

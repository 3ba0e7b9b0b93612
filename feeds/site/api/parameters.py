"""What a request may ask. A parameter's schema for the document and the function that reads it stand side by side."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from feeds.names import near
from feeds.site.api.problems import Refused, shown

Read = Callable[[str], Any]
Schema = dict[str, Any]

LARGEST = 2**31 - 1  # that a number of a row is in PostgreSQL
MOST_TEXT = 500
TEXT: Schema = {"type": "string", "maxLength": MOST_TEXT, "pattern": "^[^\\u0000]*$"}

_DIGITS = re.compile("[0-9]{1,10}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One of a query. `read` raises ValueError with what is to be said after its name: 'must be ...'. With `many` it is
    a list, commas between.
    """

    name: str
    description: str
    schema: Schema
    read: Read
    required: bool = False
    many: bool = False

    def value(self, texts: Sequence[str]) -> Any:
        """Raises `Refused` (400)."""
        try:
            if self.many:
                return tuple(dict.fromkeys(self.read(part) for text in texts for part in text.split(",")))
            if len(texts) > 1:
                raise ValueError("stands there more than once; give it once")
            return self.read(texts[0])
        except ValueError as error:
            raise Refused(400, f"{self.name} {error}.", parameter=self.name) from None

    def described(self) -> Schema:
        """As OpenAPI wants it."""
        schema: Schema = {"type": "array", "items": self.schema, "minItems": 1} if self.many else self.schema
        listed = {"style": "form", "explode": False} if self.many else {}
        about = {"name": self.name, "in": "query", "description": self.description, "required": self.required}
        return {**about, "schema": schema, **listed}


def given(parameters: Sequence[Parameter], asked: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What a query asks, by name; None for what it leaves open. Raises `Refused` (400) for what is not understood."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for name, text in asked:
        texts[name].append(text)
    known = [parameter.name for parameter in parameters]
    for name in texts:
        if name not in known:
            raise _unknown(name, known)
    for parameter in parameters:
        if parameter.required and parameter.name not in texts:
            raise Refused(400, f"{parameter.name} is missing: {parameter.description}.", parameter=parameter.name)
    return {each.name: each.value(texts[each.name]) if each.name in texts else None for each in parameters}


def _unknown(name: str, known: list[str]) -> Refused:
    like = near(name, known)
    if not known:
        said = "nothing can be asked here"
    elif like:
        said = f"did you mean {' or '.join(like)}?"
    else:
        said = f"there are {', '.join(known)}"
    detail = f"There is no parameter {shown(name)}; {said}{'' if said.endswith('?') else '.'}"
    return Refused(400, detail, parameter=name[:100], near=like)


def text(value: str) -> str:
    """Any words but NUL, which PostgreSQL has no place for."""
    if len(value) > MOST_TEXT or "\0" in value:
        raise ValueError(f"must be at most {MOST_TEXT} characters, and none of them NUL")
    return value


def number(low: int, high: int = LARGEST) -> Read:
    def read(value: str) -> int:
        if not _DIGITS.fullmatch(value) or not low <= int(value) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(value)

    return read


def one_of(names: Sequence[str]) -> Read:
    def read(value: str) -> str:
        if value not in names:
            like = near(value, list(names))
            raise ValueError(f"cannot be {shown(value)}; it is one of {', '.join(like or names)}")
        return value

    return read


def flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("must be true or false")
    return value == "true"

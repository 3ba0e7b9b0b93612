"""The index of the API, and its OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field, RootModel

from feeds.site.api.openapi import VERSION, document
from feeds.site.api.operations import ROOT, Asked, Operation
from feeds.site.api.shapes import Shape


class Index(Shape):
    """What the API has, by name: URLs, with what is to be filled in in braces (RFC 6570)."""

    title: str
    version: str
    documentation: str = Field(description="the URL of the OpenAPI document")
    operations: dict[str, str]


class Document(RootModel[dict[str, Any]]):
    """The OpenAPI 3.1 document of the API."""


def operations(others: Sequence[Operation]) -> list[Operation]:
    """These operations, and those that describe them."""
    found: list[Operation] = []
    documents: dict[str, dict[str, Any]] = {}

    def index(asked: Asked) -> Index:
        urls = {each.name: asked.link(f"{ROOT}{each.path}") for each in found}
        about = asked.link(f"{ROOT}/openapi.json")
        return Index(title=f"{asked.site.title} API", version=VERSION, documentation=about, operations=urls)

    def described(asked: Asked) -> Document:
        prefix = asked.site.prefix
        if prefix not in documents:
            documents[prefix] = document(asked.site, found)
        return Document(documents[prefix])

    found += [
        Operation(path="", name="getIndex", summary="What the API has", answer=Index, call=index),
        *others,
        Operation(path="/openapi.json", name="getDocument", summary="This document", answer=Document, call=described),
    ]
    return found

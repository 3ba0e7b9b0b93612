"""The OpenAPI 3.1 document, made from the models that answers are serialised with and the parameters that requests are read by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from feeds.site.api.operations import ROOT, Operation
from feeds.site.api.parameters import LARGEST
from feeds.site.api.problems import MEDIA_TYPE
from feeds.site.api.shapes import Problem
from feeds.site.context import Site

VERSION = "1.0.0"

_ABOUT = (
    "News of the UK's police forces as Forcewire stores it: read only, no key. Times are ISO 8601 in UTC. Nothing that is withheld"
    " is in it. Lists are read page by page along `next`."
)
_ALWAYS = {
    400: "a parameter is unknown or cannot be used; the sentence says what to write",
    405: "only GET and HEAD are answered",
    503: "the store cannot be read at the moment",
}


def document(site: Site, operations: Sequence[Operation]) -> dict[str, Any]:
    """The document of these operations, for the paths of a site."""
    models: list[type[BaseModel]] = list(dict.fromkeys([Problem, *(operation.answer for operation in operations)]))
    names, schemas = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/components/schemas/{model}"
    )
    answers = {model: names[model, "serialization"] for model in models}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{site.title} API", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": site.prefix or "/"}],
        "paths": {f"{ROOT}{each.path}": {"get": _operation(each, answers)} for each in operations},
        "components": {"schemas": schemas["$defs"]},
    }


def _operation(operation: Operation, answers: dict[type[BaseModel], Any]) -> dict[str, Any]:
    number = {"type": "integer", "minimum": 0, "maximum": LARGEST}
    in_path = [
        {"name": name, "in": "path", "required": True, "description": f"the number of the {what}", "schema": number}
        for name, what in operation.numbers.items()
    ]
    found = {"description": operation.summary, "content": _content("application/json", answers[operation.answer])}
    if "next" in operation.answer.model_fields:
        found["headers"] = {"Link": {"description": "the next page (RFC 8288)", "schema": {"type": "string"}}}
    problems = {
        str(status): {"description": why, "content": _content(MEDIA_TYPE, answers[Problem])}
        for status, why in sorted((_ALWAYS | dict(operation.problems)).items())
    }
    about = {"description": operation.description} if operation.description else {}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        **about,
        "parameters": [*in_path, *(parameter.described() for parameter in operation.parameters)],
        "responses": {"200": found, **problems},
    }


def _content(media_type: str, schema: Any) -> dict[str, Any]:
    return {media_type: {"schema": schema}}

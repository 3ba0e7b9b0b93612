"""The JSON API: everything that is shown, for programs. Read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from feeds.names import near
from feeds.site.api import areas, articles, changes, differences, index, search, sources, versions
from feeds.site.api.operations import METHODS, ROOT, Endpoint, not_allowed
from feeds.site.api.problems import Refused, shown
from feeds.site.context import Site

_OPERATIONS = tuple(
    operation
    for module in (articles, versions, differences, changes, sources, areas, search)
    for operation in module.OPERATIONS
)


def routes(site: Site) -> list[BaseRoute]:
    """The routes of the API. What lies below it and is nothing is answered as the API answers."""
    operations = index.operations(_OPERATIONS)
    found: list[BaseRoute] = [Route(f"{ROOT}{each.path}", Endpoint(site, each)) for each in operations]
    found.append(Route(f"{ROOT}/", Endpoint(site, operations[0])))
    nothing = _Nothing([f"{ROOT}{each.path}" for each in operations if "{" not in each.path])
    return [*found, Route("/api", nothing), Route("/api/{path:path}", nothing)]


@dataclass(frozen=True)
class _Nothing:
    """What answers where there is nothing."""

    paths: Sequence[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        await self._refused(request.method, scope["path"]).response()(scope, receive, send)

    def _refused(self, method: str, path: str) -> Refused:
        if method not in METHODS:
            return not_allowed(method)
        like = near(path, list(self.paths))
        said = f"did you mean {' or '.join(like)}?" if like else f"{ROOT} lists what there is."
        return Refused(404, f"There is nothing at {shown(path)}; {said}", near=like)

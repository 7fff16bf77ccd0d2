"""Links to the service's own resources, which begin with the path under which a proxy serves it."""

from starlette.types import Scope

PREFIX_KEY = "wherefrom.prefix"
"""Key in a request's scope of the path under which a proxy serves the service, such as `/kb`; absent without one."""


def link(scope: Scope, path: str) -> str:
    """Return the path by which the client of a request reaches a path of the service."""
    return f"{scope.get(PREFIX_KEY, '')}{path}"

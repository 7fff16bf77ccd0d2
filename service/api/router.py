"""Routers whose routes are the application's own, with its names for them.

Those that FastAPI includes are looked for twice for each request, which takes as long as reading the question does.
"""

from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute


def new_router(**told: Any) -> APIRouter:  # noqa: ANN401 - whatever a router takes
    """Make a router, each of whose operations is named as its function is."""
    return APIRouter(generate_unique_id_function=operation_id, **told)


def operation_id(route: APIRoute) -> str:
    """Name a route in the description."""
    return route.name

"""What the OpenAPI description says beside what FastAPI reads from the routes: problems, results, keys."""

from typing import Any

from wherefrom.service.api.batch_upload import intake_schemas
from wherefrom.service.api.middleware.access_control import needed
from wherefrom.service.schemas.problem import declared, problem_schemas
from wherefrom.service.settings import Settings

KEY = "key"
SCHEME = {"type": "http", "scheme": "bearer", "description": "An API key, where the server asks for one."}


def complete(description: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Add our schemas, and to each operation who may call it and what it answers to the others."""
    components = description["components"]
    components["schemas"].update(problem_schemas() | intake_schemas())
    components["securitySchemes"] = {KEY: SCHEME}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            if right := needed(method.upper(), path):
                required = settings.needs_key(writing=right == "write")
                operation["security"] = [{KEY: []}] if required else [{}, {KEY: []}]
                statuses = (401, 403, 408, 429, 503) if "requestBody" in operation else (401, 403, 429, 503)
                told = {str(status): each for status, each in declared(*statuses).items()}
                operation["responses"] = told | operation["responses"]
    return description

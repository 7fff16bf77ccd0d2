"""Additions to the OpenAPI description that FastAPI makes from the routes: problems, batch results, security."""

from typing import Any

from wherefrom.service.api.batch_upload import batch_schemas
from wherefrom.service.api.middleware.access_control import required_right
from wherefrom.service.api.responses import problem_responses
from wherefrom.service.schemas.problem import problem_schemas
from wherefrom.service.settings import Settings

KEY_SCHEME = "key"
SECURITY_SCHEMES = {
    KEY_SCHEME: {"type": "http", "scheme": "bearer", "description": "An API key, where the server asks for one."}
}


def complete_description(description: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Add our schemas, and to each operation its security requirement and what it answers to refused requests."""
    components = description["components"]
    components["schemas"].update(problem_schemas() | batch_schemas())
    components["securitySchemes"] = SECURITY_SCHEMES
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            if right := required_right(method.upper(), path):
                key_required = settings.needs_key(writing=right == "write")
                operation["security"] = [{KEY_SCHEME: []}] if key_required else [{}, {KEY_SCHEME: []}]
                statuses = (401, 403, 408, 429, 503) if "requestBody" in operation else (401, 403, 429, 503)
                refusals = {str(status): response for status, response in problem_responses(*statuses).items()}
                operation["responses"] = refusals | operation["responses"]
    return description

"""Additions to the OpenAPI description that FastAPI makes from the routes: schemas, refusals, links, security.

Generated clients are tested against the description (`tests/service/api/test_generated_clients.py`). Some additions are
for their generators: the order of responses, and a name for each union.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from wherefrom.service.api.batch_upload import batch_schemas
from wherefrom.service.api.error_members import ERROR_SCHEMAS, error_schemas
from wherefrom.service.api.middleware.access_control import required_right
from wherefrom.service.api.response_links import LINKS
from wherefrom.service.api.responses import problem_responses
from wherefrom.service.schemas.articles import REF, article_schemas
from wherefrom.service.schemas.citations import extraction_properties, extraction_schemas
from wherefrom.service.schemas.field_descriptions import describe_fields, describe_parameters
from wherefrom.service.schemas.problem import MEDIA_TYPE, problem_schemas
from wherefrom.service.schemas.written import END_SCHEMA
from wherefrom.service.settings import Settings

KEY_SCHEME = "key"
SECURITY_SCHEMES = {
    KEY_SCHEME: {"type": "http", "scheme": "bearer", "description": "An API key, where the server asks for one."}
}
ANY_REQUEST = (422, 500)
"""Statuses that any request can have: an unknown parameter, and an error of the service."""
PROTECTED = (401, 403, 429, 503)
WITH_BODY = (400, 408, 413, 415)
METHODS_WITH_BODY = ("post", "put", "patch", "delete")


def complete_description(description: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Add our schemas, and to each operation its links, security requirement and refusals."""
    components = description["components"]
    problems = problem_schemas()
    components["schemas"].update(problems | error_schemas(problems["Problem"]) | batch_schemas() | article_schemas())
    components["schemas"].update(extraction_schemas() | {"WrittenEnd": END_SCHEMA})
    components["schemas"]["Citation"]["properties"].update(extraction_properties())
    describe_fields(components["schemas"])
    components["securitySchemes"] = SECURITY_SCHEMES
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            statuses = {*ANY_REQUEST, *(WITH_BODY if method in METHODS_WITH_BODY else ())}
            if right := required_right(method.upper(), path):
                key_required = settings.needs_key(writing=right == "write")
                operation["security"] = [{KEY_SCHEME: []}] if key_required else [{}, {KEY_SCHEME: []}]
                statuses.update(PROTECTED)
            operation["responses"] = _ordered(_refusals(statuses) | operation["responses"])
            operation["summary"] = _title(operation)
            describe_parameters(operation)
            _name_problems(operation)
            _add_links(operation)
            _name_unions(operation, components["schemas"])
    _write_null_for_none(description)
    return description


def _title(operation: Mapping[str, Any]) -> str:
    """Return the first sentence of an operation's description, which viewers show beside the path."""
    first: str = operation["description"].split("\n")[0]
    for end in (". ", "; ", ": "):
        first = first.partition(end)[0]
    return first.rstrip(".")


def _refusals(statuses: set[int]) -> dict[str, Any]:
    return {str(status): response for status, response in problem_responses(*statuses).items()}


def _ordered(responses: Mapping[str, Any]) -> dict[str, Any]:
    """Put successes first: generated clients ask for the media type of the first response."""
    return {status: responses[status] for status in sorted(responses)}


def _name_problems(operation: dict[str, Any]) -> None:
    """Declare the problems of an operation whose errors have additional members."""
    if schema := ERROR_SCHEMAS.get(operation["operationId"]):
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                response["content"] = {MEDIA_TYPE: {"schema": {"$ref": REF + schema}}}


def _add_links(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if status.startswith("2") and (links := LINKS.get(operation["operationId"])):
            response["links"] = {name: link.described() for name, link in links.items()}


def _name_unions(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Give each union of objects in a body a schema of its own, named after the operation.

    The objects exclude each other, and generated clients understand `oneOf` as "one of these".
    """
    name = "".join(part.capitalize() for part in operation["operationId"].split("_"))
    bodies = {f"{name}Body": operation.get("requestBody", {}), f"{name}Result": operation["responses"].get("200", {})}
    for union, body in bodies.items():
        content = body.get("content", {}).get("application/json", {})
        forms = content.get("schema", {}).get("anyOf") or content.get("schema", {}).get("oneOf")
        if forms:
            schemas[union] = {"title": union, "description": "One of these forms.", "oneOf": forms}
            content["schema"] = {"$ref": REF + union}


def _write_null_for_none(description: dict[str, Any]) -> None:
    """Replace Python's `None` by JSON's `null` in the descriptions, which are docstrings."""
    for described in _objects(description):
        if isinstance(text := described.get("description"), str):
            described["description"] = text.replace("`None`", "`null`")


def _objects(value: object) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON value."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(item)

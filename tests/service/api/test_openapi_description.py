import json
from collections.abc import Iterator
from typing import Any

import pytest

from wherefrom.index.library import Library
from wherefrom.service.api.app import create_app
from wherefrom.service.auth.api_keys import parse_keys
from wherefrom.service.settings import Settings

KEYS = parse_keys("the-key-of-the-test")


def described(settings: Settings) -> dict[str, Any]:
    def unopened() -> Library:
        raise AssertionError

    return create_app(settings, unopened).openapi()


@pytest.mark.parametrize(
    ("settings", "reading", "writing"),
    [
        (Settings(), [{}, {"key": []}], [{}, {"key": []}]),
        (Settings(api_keys=KEYS), [{}, {"key": []}], [{"key": []}]),
        (Settings(api_keys=KEYS, private=True), [{"key": []}], [{"key": []}]),
    ],
)
def test_the_description_says_what_needs_a_key(settings: Settings, reading: object, writing: object) -> None:
    paths = described(settings)["paths"]
    assert paths["/v1/ask"]["post"]["security"] == reading
    assert paths["/v1/documents/{document_id}"]["put"]["security"] == writing
    assert "security" not in paths["/livez"]["get"]


def test_every_protected_operation_declares_its_refusals() -> None:
    description = described(Settings())
    for path, operations in description["paths"].items():
        for operation in operations.values():
            assert path in ("/livez", "/readyz") or {"401", "403", "429", "503"} <= set(operation["responses"])
    assert {"Problem", "FieldError", "BatchLine"} <= set(description["components"]["schemas"])


def test_the_description_is_the_same_each_time() -> None:
    app = create_app(Settings(), lambda: None)  # type: ignore[arg-type, return-value]
    assert app.openapi() == app.openapi() == described(Settings())


def operations(description: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in description["paths"].values() for operation in methods.values()]


def test_every_success_has_a_schema_and_every_other_response_is_a_problem() -> None:
    for operation in operations(described(Settings())):
        for status, response in operation["responses"].items():
            schemas = [content.get("schema") for content in response.get("content", {}).values()]
            assert all(schemas), (operation["operationId"], status)
            assert schemas or status in ("204", "304"), (operation["operationId"], status)
            if not status.startswith(("2", "3")):
                assert list(response["content"]) == ["application/problem+json"]


def test_a_body_begins_with_json_and_the_responses_with_a_success() -> None:
    for operation in operations(described(Settings())):
        assert next(iter(operation["responses"])).startswith("2")
        if "requestBody" in operation:
            assert next(iter(operation["requestBody"]["content"])) == "application/json"


def test_links_lead_to_operations_and_their_parameters() -> None:
    by_id = {operation["operationId"]: operation for operation in operations(described(Settings()))}
    links = [
        link
        for operation in by_id.values()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert len(links) >= 30
    for link in links:
        known = {parameter["name"] for parameter in by_id[link["operationId"]].get("parameters", [])}
        assert set(link.get("parameters", {})) <= known
        assert "requestBody" not in link or "requestBody" in by_id[link["operationId"]]


def test_descriptions_speak_json() -> None:
    assert "None" not in json.dumps(described(Settings()))


def test_every_operation_has_a_title_and_every_field_a_description() -> None:
    description = described(Settings())
    titles = [operation["summary"] for operation in operations(description)]
    assert all(title and len(title) <= 100 and not title.endswith(".") for title in titles)
    assert len(set(titles)) == len(titles)
    schemas = description["components"]["schemas"]
    undescribed = [
        (place, field)
        for place, schema in nested_objects(schemas)
        for field, described in schema.get("properties", {}).items()
        if "description" not in described and not ("$ref" in described and is_described(described["$ref"], schemas))
    ]
    assert undescribed == []
    assert [name for name, schema in schemas.items() if "description" not in schema] == []


def test_every_parameter_has_a_description() -> None:
    undescribed = [
        (operation["operationId"], parameter["name"])
        for operation in operations(described(Settings()))
        for parameter in operation.get("parameters", [])
        if "description" not in parameter and "description" not in parameter["schema"]
    ]
    assert undescribed == []


def is_described(reference: str, schemas: dict[str, Any]) -> bool:
    return "description" in schemas[reference.rpartition("/")[2]]


def nested_objects(value: object, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of an object in a value, with its place."""
    if isinstance(value, dict):
        if value.get("type") == "object":
            yield place, value
        for name, item in value.items():
            yield from nested_objects(item, f"{place}/{name}")
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from nested_objects(item, f"{place}/{position}")

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

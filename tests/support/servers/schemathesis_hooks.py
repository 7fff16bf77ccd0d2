"""Hooks for schemathesis: bodies in JSON Lines, event streams, and the valid requests that the service may refuse."""

import json
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, DeserializationContext, HookContext, Response, SerializationContext
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

JSONL_TYPES = ("application/x-ndjson", "application/jsonl")
STORY = "The bakery on Mill Street sold its last loaf on Friday, after ninety years, its owner said on Monday."
BATCH_PATH = "/v1/documents:batch"
DEPENDS_ON_MORE = ("unknown-filter-value", "unknown-cursor", "source-rejected", "invalid-question", "quotation-refused")
"""Problem types that depend on the collection, on the text of an article, or on several fields together.

JSON Schema cannot express which publishers exist, which cursors are valid, whether a text contains an article, or that
one day is not after another.
"""


@schemathesis.hook
def before_load_schema(_: HookContext, schema: dict[str, Any]) -> None:
    """Allow any string as the date of an article, and generate real texts too, so that links have a target.

    The service also accepts times and blanks as dates, which generated clients need not know. JSON Schema cannot
    express that a text in a URL is a JSON object, so `extra` is one of two objects.
    """
    for parameter in schema["paths"]["/v1/documents/{document_id}"]["put"]["parameters"]:
        if parameter["name"] == "extra":
            parameter["schema"] = {"enum": ["{}", '{"section": "world", "year": 2016}']}
    for name, body in (("TextArticle", "text"), ("HtmlArticle", "html")):
        properties = schema["components"]["schemas"][name]["properties"]
        del properties["published"]["anyOf"][0]["format"]
        properties[body] = {"anyOf": [properties[body], {"enum": [STORY]}]}


@schemathesis.serializer(*JSONL_TYPES)
def write_lines(_: SerializationContext, value: object) -> bytes:
    """Return bytes unchanged, as the description allows any, and other values as JSON."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer(*JSONL_TYPES)
def read_lines(_: DeserializationContext, response: Response) -> object:
    """Return the lines as text, as in the description, after checking that each is a result in JSON."""
    for line in response.content.splitlines():
        assert set(json.loads(line)) - {"warnings"} == {"line", "document_id", "change", "error"}
    return response.content.decode()


@schemathesis.deserializer("text/event-stream")
def read_events(_: DeserializationContext, response: Response) -> object:
    """Return the events as text, as in the description, after checking that each has JSON or the end marker."""
    for line in response.content.decode().splitlines():
        if line.startswith("data: ") and line != "data: [DONE]":
            json.loads(line.removeprefix("data: "))
    return response.content.decode()


@schemathesis.check
def valid_requests_are_accepted(context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Check as schemathesis's own `positive_data_acceptance` does, except for DEPENDS_ON_MORE."""
    if response.status_code == 422 and str(response.json()["type"]).rpartition(":")[2] in DEPENDS_ON_MORE:
        return None
    accepted: bool | None = positive_data_acceptance(context, response, case)
    return accepted


@schemathesis.check
def invalid_requests_are_refused(context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Check as schemathesis's own `negative_data_rejection` does.

    Exceptions: a batch refuses its documents one by one, and a body that is too large is refused before it is read.
    """
    if response.status_code == 413:
        return None
    if response.status_code == 200 and case.operation.path == BATCH_PATH and b'"change":null' in response.content:
        return None
    refused: bool | None = negative_data_rejection(context, response, case)
    return refused

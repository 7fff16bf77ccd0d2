"""What schemathesis does not know by itself: bodies of JSON Lines, and which valid requests the service may refuse."""

import json
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, DeserializationContext, HookContext, Response, SerializationContext
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

JSONL_TYPES = ("application/x-ndjson", "application/jsonl")
STORY = "The bakery on Mill Street sold its last loaf on Friday, after ninety years, its owner said on Monday."
BATCH_PATH = "/v1/documents:batch"
DEPENDS_ON_MORE = ("unknown-filter-value", "unknown-cursor", "source-rejected", "invalid-question", "quotation-refused")
"""The one exception: what depends on the collection, on the text of an article, or on several fields together.

No JSON Schema can say which publishers there are, where a list was left, whether a text holds an article, or that one
day is not after another.
"""


@schemathesis.hook
def before_load_schema(_: HookContext, schema: dict[str, Any]) -> None:
    """Let dates of articles be any string, and some of their texts real ones, so that there is something to link to.

    The service takes times and blanks as dates too, which generated clients need not know. No JSON Schema can say that
    a text in a URL is a JSON object, so `extra` is one of two that are.
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
    """Return any bytes, as the description allows."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer(*JSONL_TYPES)
def read_lines(_: DeserializationContext, response: Response) -> object:
    """Return the lines as text, as the description says, once each is the JSON of a result."""
    for line in response.content.splitlines():
        assert set(json.loads(line)) - {"warnings"} == {"line", "document_id", "change", "error"}
    return response.content.decode()


@schemathesis.deserializer("text/event-stream")
def read_events(_: DeserializationContext, response: Response) -> object:
    """Return the events as text, as the description says, once each holds JSON or the end."""
    for line in response.content.decode().splitlines():
        if line.startswith("data: ") and line != "data: [DONE]":
            json.loads(line.removeprefix("data: "))
    return response.content.decode()


@schemathesis.check
def valid_requests_are_accepted(context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Check as schemathesis's own `positive_data_acceptance` does, with the exception."""
    if response.status_code == 422 and str(response.json()["type"]).rpartition(":")[2] in DEPENDS_ON_MORE:
        return None
    accepted: bool | None = positive_data_acceptance(context, response, case)
    return accepted


@schemathesis.check
def invalid_requests_are_refused(context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """Check as schemathesis's own `negative_data_rejection` does.

    A batch refuses its documents one by one, and a body that is too large is refused before it is read.
    """
    if response.status_code == 413:
        return None
    if response.status_code == 200 and case.operation.path == BATCH_PATH and b'"change":null' in response.content:
        return None
    refused: bool | None = negative_data_rejection(context, response, case)
    return refused

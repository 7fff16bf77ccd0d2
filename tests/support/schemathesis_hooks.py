"""Serialization of JSON Lines, which schemathesis does not support by itself."""

import json

import schemathesis
from schemathesis import DeserializationContext, Response, SerializationContext

JSONL_TYPES = ("application/x-ndjson", "application/jsonl")


@schemathesis.serializer(*JSONL_TYPES)
def write_lines(_: SerializationContext, value: object) -> bytes:
    """Return any bytes, as the description allows."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer(*JSONL_TYPES)
def read_lines(_: DeserializationContext, response: Response) -> object:
    """Return the result of the first line, which the description describes."""
    first = response.content.split(b"\n")[0]
    return json.loads(first) if first else {"line": 1, "document_id": None, "change": None, "error": "no line"}

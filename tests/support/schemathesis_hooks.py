"""What schemathesis does not know of by itself: JSON Lines."""

import json

import schemathesis
from schemathesis import DeserializationContext, Response, SerializationContext

LINES = ("application/x-ndjson", "application/jsonl")


@schemathesis.serializer(*LINES)
def write_lines(_: SerializationContext, value: object) -> bytes:
    """Any bytes, as the description says."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@schemathesis.deserializer(*LINES)
def read_lines(_: DeserializationContext, response: Response) -> object:
    """The result of the first line, which is what the description describes."""
    first = response.content.split(b"\n")[0]
    return json.loads(first) if first else {"line": 1, "document_id": None, "change": None, "error": "no line"}

"""Bodies of written answers: the request, the reply, and the events of a stream."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field

from wherefrom.index.types import Answer
from wherefrom.index.writing.written_answer import WriterInfo, WrittenAnswer, WrittenSentence
from wherefrom.service.schemas.fields import EXAMPLE
from wherefrom.service.schemas.requests import AskBody
from wherefrom.service.schemas.serialization import answer_bytes, as_json, json_bytes

EVENTS_SCHEMA = {
    "type": "string",
    "description": (
        "Server-sent events: `answer`, at once, with an `Answer` as `/v1/ask` returns it; `sentence` for each sentence"
        " that has passed its check, with a `WrittenSentence`; and at the end `written`, with a `WrittenEnd`."
    ),
}
"""The OpenAPI schema of the stream; the data of its events have their own schemas."""
END_SCHEMA = {
    "title": "WrittenEnd",
    "type": "object",
    "description": "The end of a stream of events: what counts as written, which may be less than was sent.",
    "properties": {
        "written": {"anyOf": [{"$ref": "#/components/schemas/WrittenAnswer"}, {"type": "null"}]},
        "warnings": {"type": "array", "items": {"type": "string"}},
        "took_ms": {"type": "number"},
    },
    "required": ["written", "warnings", "took_ms"],
}
"""The schema of the data of the last event, which is not the body of any response."""
Event = Literal["answer", "sentence", "written"]


class AnswerBody(AskBody):
    """One question, to be answered in sentences."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"question": EXAMPLE}, {"question": EXAMPLE, "explain": True, "stream": True}]}
    )

    stream: Annotated[
        bool,
        Field(strict=True, description="Send events: the verbatim answer, then each sentence after its check."),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenReply(Answer):
    """The verbatim answer, and what was written from its passages.

    `written` is `None` where there is no answer, and without a writer. `warnings` say what the writer did wrong.
    """

    written: WrittenAnswer | None = None

    @classmethod
    def of(cls, answer: Answer, written: WrittenAnswer | None, warnings: Iterable[str], took_ms: float) -> Self:
        """Return the reply for an answer, with further warnings."""
        values = {field.name: getattr(answer, field.name) for field in fields(Answer)}
        values |= {"warnings": (*answer.warnings, *warnings), "took_ms": took_ms}
        return cls(**values, written=written)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenEnd:
    """The end of a stream: what counts as written, which may be less than was sent, all warnings, and the time."""

    written: WrittenAnswer | None
    warnings: tuple[str, ...]
    took_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterStatus:
    """What writes answers; `writer` is `None` if nothing does."""

    writer: WriterInfo | None


def answer_event(answer: Answer) -> bytes:
    """Return the event for the verbatim answer."""
    return _event("answer", answer_bytes(answer))


def sentence_event(sentence: WrittenSentence) -> bytes:
    """Return the event for a sentence."""
    return _event("sentence", json_bytes(as_json(sentence)))


def written_event(reply: WrittenReply) -> bytes:
    """Return the last event, with the parts of the reply that were not in the event for the answer."""
    end = {"written": reply.written, "warnings": reply.warnings, "took_ms": reply.took_ms}
    return _event("written", json_bytes(as_json(end)))


def _event(name: Event, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)

"""Parses the server-sent events of a written answer."""

from collections.abc import Iterator

from pydantic import TypeAdapter

from wherefrom.index.types import Answer
from wherefrom.index.writing.written_answer import WrittenSentence
from wherefrom.service.client.requests import completed
from wherefrom.service.schemas.written import WrittenEnd, WrittenReply

AnswerEvent = Answer | WrittenSentence | WrittenReply
ANSWER_ADAPTER = TypeAdapter(Answer)
SENTENCE_ADAPTER = TypeAdapter(WrittenSentence)
END_ADAPTER = TypeAdapter(WrittenEnd)


class EventParser:
    """Parses a stream of server-sent events line by line."""

    def __init__(self) -> None:
        self._name = ""
        self._data: list[str] = []
        self._answer: Answer | None = None
        self.ended = False
        """Whether the last event has come."""

    def feed(self, line: str) -> Iterator[AnswerEvent]:
        """Yield the event that ends with this line, if one does; comments and unknown events are ignored."""
        field, _, value = line.partition(":")
        if field == "event":
            self._name = value.removeprefix(" ")
        elif field == "data":
            self._data.append(value.removeprefix(" "))
        elif not line:
            name, data = self._name, "\n".join(self._data).encode()
            self._name, self._data = "", []
            yield from self._event(name, data)

    def _event(self, name: str, data: bytes) -> Iterator[AnswerEvent]:
        if name == "answer":
            self._answer = completed(ANSWER_ADAPTER.validate_json(data), data)
            yield self._answer
        elif name == "sentence":
            yield SENTENCE_ADAPTER.validate_json(data)
        elif name == "written" and self._answer is not None:
            end = END_ADAPTER.validate_json(data)
            self.ended = True
            more = end.warnings[len(self._answer.warnings) :]
            yield WrittenReply.of(self._answer, end.written, more, end.took_ms)

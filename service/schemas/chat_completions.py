"""Bodies of OpenAI's chat completions, so that chat clients can use the service as a model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from wherefrom.index.conversation import Context
from wherefrom.index.errors import InvalidQuestion
from wherefrom.index.ranking.question_limits import MAX_QUESTION
from wherefrom.index.types import AskOptions, Citation, Passage
from wherefrom.service.schemas import fields
from wherefrom.service.schemas.written import WrittenReply

MODEL = "wherefrom"
MAX_MESSAGES = 2_000
MAX_CONTENT_PARTS = 100
NO_ANSWER = "No passage in this collection answers the question with enough confidence."
Role = Literal["system", "developer", "user", "assistant", "tool", "function"]
Address = Callable[[Citation], str]
"""Returns the URL at which a citation can be read."""


class LenientModel(BaseModel):
    """A part of a request whose unknown fields are ignored: OpenAI's API has many, and gets more."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class ContentPart(LenientModel):
    """A part of a message; only those with a `text` are read."""

    type: str
    text: str | None = None


def _content_tag(given: object) -> str:
    """Return the tag of the content's form; its angle brackets keep it out of the field names in problems."""
    return "<parts>" if isinstance(given, list | tuple) else "<text>"


MessageContent = Annotated[
    Annotated[str, Tag("<text>")]
    | Annotated[tuple[ContentPart, ...], Field(max_length=MAX_CONTENT_PARTS), Tag("<parts>")],
    Discriminator(_content_tag),
]


class ChatMessage(LenientModel):
    """A message of the conversation."""

    role: Role
    content: MessageContent | None = None

    def text(self) -> str:
        """Return its text, in one piece."""
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class ChatCompletionBody(LenientModel):
    """A conversation: the user's last message is the question, the one before it its context.

    Other fields of OpenAI's API change nothing.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": fields.EXAMPLE}]}],
        }
    )

    model: Annotated[str, Field(description="Any name: the service has one model.")] = MODEL
    messages: Annotated[tuple[ChatMessage, ...], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: Annotated[bool, Field(strict=True, description="Send the reply in chunks, as server-sent events.")] = False

    def question(self) -> str:
        """Return the last message of the user. Raise InvalidQuestion."""
        questions = self._questions()
        if not questions or not questions[-1]:
            raise InvalidQuestion("messages", "must end with a message of the role user that holds a text")
        return questions[-1]

    def options(self) -> AskOptions:
        """Return the options of the question, whose context is the question before it."""
        previous = self._questions()[:-1][-1:]
        fits = bool(previous) and 0 < len(previous[0]) <= MAX_QUESTION
        return AskOptions(context=Context(question=previous[0]) if fits else None)

    def _questions(self) -> list[str]:
        return [message.text().strip() for message in self.messages if message.role == "user"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlCitation:
    """The characters of the content that a citation stands for; `citation` is there in addition to OpenAI's fields."""

    start_index: int
    end_index: int
    title: str
    url: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAnnotation:
    """A citation of the content."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatReply:
    """The reply, in Markdown, with its citations."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: str | None = None
    annotations: tuple[ChatAnnotation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChoice:
    """The only reply."""

    index: int = 0
    message: ChatReply
    finish_reason: Literal["stop"] = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCompletion:
    """A reply in the form of OpenAI; `wherefrom` is there in addition, as `/v1/answer` returns it."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: tuple[ChatChoice, ...]
    wherefrom: WrittenReply


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatModel:
    """The model that chat clients can choose."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatModelList:
    """The models that chat clients can choose: one."""

    object: Literal["list"] = "list"
    data: tuple[ChatModel, ...] = (ChatModel(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPiece:
    """A piece of the content, and the citations of its characters from `start` to `end`."""

    text: str
    start: int = 0
    end: int = 0
    citations: tuple[Citation, ...] = ()


class ChatContent:
    """The content of a reply as pieces: written sentences or verbatim text, then the sources."""

    def __init__(self, reply: WrittenReply, address: Address) -> None:
        self._reply = reply
        self._address = address

    @classmethod
    def of(cls, reply: WrittenReply, address: Address) -> Self:
        """Return the content of a reply; `address` says where a citation can be read."""
        return cls(reply, address)

    def chunks(self) -> Iterator[tuple[str, tuple[ChatAnnotation, ...]]]:
        """Yield each piece with its annotations, whose indices count code points of the whole content."""
        offset = 0
        for piece in self._pieces():
            annotations = tuple(
                ChatAnnotation(
                    url_citation=UrlCitation(
                        start_index=offset + piece.start,
                        end_index=offset + piece.end,
                        title=citation.title or citation.document_id,
                        url=self._address(citation),
                        citation=citation,
                    )
                )
                for citation in piece.citations
            )
            yield piece.text, annotations
            offset += len(piece.text)

    def reply(self) -> ChatReply:
        """Return the pieces together."""
        chunks = tuple(self.chunks())
        return ChatReply(
            content="".join(text for text, _ in chunks),
            annotations=tuple(annotation for _, annotations in chunks for annotation in annotations),
        )

    def _pieces(self) -> Iterator[ContentPiece]:
        answer, written = self._reply, self._reply.written
        if answer.answer is None:
            yield ContentPiece(text=NO_ANSWER)
            return
        if written is not None and written.status == "written":
            yield from self._written_pieces()
            return
        if written is not None:
            notice = answer.warnings[-1] if answer.warnings else ""
            yield ContentPiece(text=f"{notice[:1].upper()}{notice[1:]}.\n\n")
        yield from _verbatim_pieces(answer.passages)

    def _written_pieces(self) -> Iterator[ContentPiece]:
        assert self._reply.written is not None  # noqa: S101 - checked by the caller
        passages = {passage.passage_id: passage for passage in self._reply.passages}
        used: dict[str, Passage] = {}
        for sentence in self._reply.written.sentences:
            cited = [passages[passage] for passage in sentence.passages]
            used |= {passage.passage_id: passage for passage in cited}
            text = markdown(sentence.text)
            markers = "".join(f"[{passage.rank}]" for passage in cited)
            citations = tuple(passage.citation for passage in cited)
            yield ContentPiece(text=f"{text} {markers} ", end=len(text), citations=citations)
        yield ContentPiece(text=_sources(sorted(used.values(), key=lambda passage: passage.rank)))


def _verbatim_pieces(passages: Sequence[Passage]) -> Iterator[ContentPiece]:
    """Yield each passage as a quotation, with its source below it."""
    for passage in passages:
        text, source = markdown(passage.text), markdown(passage.citation.formatted)
        yield ContentPiece(
            text=f"> {text}\n\n[{passage.rank}] {source}\n\n", start=2, end=2 + len(text), citations=(passage.citation,)
        )


def _sources(passages: Sequence[Passage]) -> str:
    return "\n\n" + "\n".join(f"[{passage.rank}] {markdown(passage.citation.formatted)}\n" for passage in passages)


def markdown(text: str) -> str:
    """Escape a text so that Markdown has no image, link or HTML, with which a source could contact another site."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("<", "\\<")

"""The protocol of a writer, a language model that turns messages into pieces of text."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from wherefrom.index.errors import WherefromError

WriterKind = Literal["openai", "local"]
"""The kind of a writer: a server with OpenAI's API, or a model in this process."""
WRITER_KINDS: tuple[WriterKind, ...] = get_args(WriterKind)

PromptName = Literal["answer", "short"]
"""The name of a prompt: `answer` for models that follow rules, and `short` for models that do not."""
PROMPT_NAMES: tuple[PromptName, ...] = get_args(PromptName)


class WriterUnavailable(WherefromError):
    """The writer cannot be set up; the message says what is missing."""


class WriterFailed(WherefromError):
    """The writer did not complete the text. The message is shown to the user and quotes nothing from the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of the conversation that a writer continues."""

    role: Literal["system", "user", "assistant"]
    content: str


class Writer(Protocol):
    """Writes text. It belongs to one event loop."""

    @property
    def kind(self) -> WriterKind:
        """The kind of the writer."""

    @property
    def model(self) -> str:
        """The name of the model, without its folder."""

    @property
    def model_bytes(self) -> int | None:
        """The size of the model's files in bytes, `None` if it is unknown."""

    def write(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """Yield the reply piece by piece; closing the generator stops the writer. Raise WriterFailed."""

    async def close(self) -> None:
        """Stop writing, and release the writer's resources."""

"""The seam to the writer, the language model that writes: messages in, pieces of text out."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from wherefrom.index.errors import WherefromError

WriterKind = Literal["openai", "local"]
"""What writes: a server with OpenAI's API, or a model in this process."""
WRITER_KINDS: tuple[WriterKind, ...] = get_args(WriterKind)

PromptName = Literal["answer", "short"]
"""The prompts: one for models that follow rules, and a short one for models that do not."""
PROMPT_NAMES: tuple[PromptName, ...] = get_args(PromptName)


class WriterUnavailable(WherefromError):
    """The writer cannot be set up; the message says what is missing."""


class WriterFailed(WherefromError):
    """The writer did not write to the end. The message is shown to whoever asked: it holds no word of the server's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of the conversation that a writer continues."""

    role: Literal["system", "user", "assistant"]
    content: str


class Writer(Protocol):
    """Writes text. It belongs to one event loop."""

    @property
    def kind(self) -> WriterKind:
        """What it is."""

    @property
    def model(self) -> str:
        """The name of its model, without the folder that it lies in."""

    @property
    def model_bytes(self) -> int | None:
        """The size of the model's files, `None` if it cannot be told."""

    def write(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """Yield the reply piece by piece; closing the generator stops the writer. Raise WriterFailed."""

    async def close(self) -> None:
        """Stop whatever is being written, and free what is held."""

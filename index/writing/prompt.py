"""The prompt: a file of the package, filled with a question and passages that are fenced as data."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from string import Template

from wherefrom.index.writing.writers.protocol import Message, PromptName

FOLDER = Path(__file__).parent / "prompts"
VERSIONS: dict[PromptName, str] = {"answer": "answer-1", "short": "short-1"}
"""The file of each prompt. Written answers name the file and its hash."""
SMALL_MODEL_BYTES = 1_000_000_000
"""Size of a model's files, in bytes, below which it gets the short prompt."""
MAX_PASSAGES = 8
MAX_TOKENS = 400
FENCE_DIGITS = 16
MIN_TILDES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt: its name, the SHA-256 of its file, and its templates.

    `max_passages` is the maximum number of passages in a prompt, `max_tokens` that of tokens in a reply. With
    `one_by_one` the writer is prompted once for each passage, and a reply is one line. `opening` is the beginning of
    the reply, which the writer continues. A `plain_fence` has no digits, which small models mistake for text.
    """

    name: str
    sha256: str
    system: Template
    user: Template
    passage: Template
    max_passages: int = MAX_PASSAGES
    max_tokens: int = MAX_TOKENS
    one_by_one: bool = False
    plain_fence: bool = False
    opening: Template | None = None

    def messages(self, question: str, passages: Sequence[str]) -> tuple[Message, ...]:
        """Return the messages for a question; passages are numbered from 1, in their order."""
        fence = plain_fence_for(question, passages) if self.plain_fence else fence_for(question, passages)
        fenced = [
            self.passage.substitute(number=number, fence=fence, text=text) for number, text in enumerate(passages, 1)
        ]
        user = self.user.substitute(question=question, passages="\n".join(fenced))
        messages = (
            Message(role="system", content=self.system.substitute(fence=fence)),
            Message(role="user", content=user),
        )
        if self.opening is None:
            return messages
        return (*messages, Message(role="assistant", content=self.opening.substitute(fence=fence)))


def default_prompt(model_bytes: int | None) -> PromptName:
    """Return the prompt for a model by the size of its files; `model_bytes` is `None` if the size is unknown."""
    return "short" if model_bytes is not None and model_bytes < SMALL_MODEL_BYTES else "answer"


@cache
def load_prompt(name: PromptName = "answer") -> Prompt:
    """Return the newest version of a prompt of the package."""
    version = VERSIONS[name]
    raw = (FOLDER / f"{version}.toml").read_bytes()
    values = tomllib.loads(raw.decode())
    values |= {key: Template(text) for key, text in values.items() if isinstance(text, str)}
    return Prompt(name=version, sha256=hashlib.sha256(raw).hexdigest(), **values)


def fence_for(question: str, passages: Sequence[str]) -> str:
    """Return a line that occurs in none of the texts, so that no text can end its own fence.

    It depends on all texts, and the author of one of them does not know the others.
    """
    texts = (question, *passages)
    for attempt in count():
        digest = hashlib.sha256("\0".join((str(attempt), *texts)).encode("utf-8", "surrogatepass")).hexdigest()
        fence = f"~~~{digest[:FENCE_DIGITS]}~~~"
        if not any(fence in text for text in texts):
            return fence
    raise AssertionError  # count() does not end


def plain_fence_for(question: str, passages: Sequence[str]) -> str:
    """Return a line of tildes that occurs in none of the texts, so that no text can end its own fence."""
    texts = (question, *passages)
    return next(fence for length in count(MIN_TILDES) if not any((fence := "~" * length) in text for text in texts))

"""The prompt: a file of the package, filled with a question and passages that are fenced as data."""

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from string import Template

from wherefrom.index.writing.writers.protocol import Message

FOLDER = Path(__file__).parent / "prompts"
ANSWER_PROMPT = "answer-1"
FENCE_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt: its name, the SHA-256 of its file, and its templates."""

    name: str
    sha256: str
    system: Template
    user: Template
    passage: Template

    def messages(self, question: str, passages: Sequence[str]) -> tuple[Message, ...]:
        """Return the messages for a question; passages are numbered from 1, in their order."""
        fence = fence_for(question, passages)
        fenced = [
            self.passage.substitute(number=number, fence=fence, text=text) for number, text in enumerate(passages, 1)
        ]
        user = self.user.substitute(question=question, passages="\n".join(fenced))
        return (
            Message(role="system", content=self.system.substitute(fence=fence)),
            Message(role="user", content=user),
        )


@cache
def load_prompt(name: str = ANSWER_PROMPT) -> Prompt:
    """Return a prompt of the package."""
    raw = (FOLDER / f"{name}.toml").read_bytes()
    templates = {key: Template(text) for key, text in tomllib.loads(raw.decode()).items()}
    return Prompt(name=name, sha256=hashlib.sha256(raw).hexdigest(), **templates)


def fence_for(question: str, passages: Sequence[str]) -> str:
    """Return a line that occurs in none of the texts, so that no text can end its own fence.

    It depends on all texts, and whoever wrote one of them does not know the others.
    """
    texts = (question, *passages)
    for attempt in count():
        digest = hashlib.sha256("\0".join((str(attempt), *texts)).encode("utf-8", "surrogatepass")).hexdigest()
        fence = f"~~~{digest[:FENCE_DIGITS]}~~~"
        if not any(fence in text for text in texts):
            return fence
    raise AssertionError  # count() does not end

"""Short articles in many languages, with questions whose words have other inflections than in the articles."""

import tomllib
from dataclasses import dataclass

from tests.support.paths import SUPPORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The paragraphs of an article, and the question that each paragraph answers."""

    paragraphs: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def raw(self) -> bytes:
        """The bytes of the article, with a line above its text."""
        return "\n\n".join(["1", *self.paragraphs]).encode()


def inflected_questions() -> dict[str, Article]:
    """Return an article in each language, by language code."""
    entries = tomllib.loads((SUPPORT / "inflected_questions.toml").read_text(encoding="utf-8"))
    pairs = {code: entry["paragraphs"] for code, entry in entries.items()}
    return {
        code: Article(paragraphs=tuple(text for text, _ in each), questions=tuple(question for _, question in each))
        for code, each in pairs.items()
    }

"""Support for tests of written answers: a writer with a given text, a check of words, and answers."""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from wherefrom.index.types import Answer, AnswerText, Citation, IndexInfo, Passage, Span
from wherefrom.index.writing.verdicts import CheckResult, CitedPassage, SentenceVerdict
from wherefrom.index.writing.writers.protocol import Message, WriterFailed, WriterKind

RADAR = "Russia objects to the X-band radar, since it can look deep into the country."
TALKS = "The United States and South Korea began talks on March 4."


@dataclass
class TextWriter:
    """A writer that writes the same text for every prompt; with `failure`, it then fails."""

    text: str
    failure: str = ""
    seconds: float = 0
    pieces: int = 5
    asked: list[Sequence[Message]] = field(default_factory=list)
    closed: bool = False
    kind: WriterKind = "local"
    model: str = "text"
    model_bytes: int | None = None

    async def write(self, messages: Sequence[Message], *, max_tokens: int) -> AsyncGenerator[str, None]:
        """Yield the text in pieces of `pieces` characters."""
        assert max_tokens > 0
        self.asked.append(messages)
        try:
            for start in range(0, len(self.text), self.pieces):
                yield self.text[start : start + self.pieces]
            await asyncio.sleep(self.seconds)
            if self.failure:
                raise WriterFailed(self.failure)
        finally:
            self.closed = True

    async def close(self) -> None:
        """Do nothing."""


async def check_words(sentence: str, cited: Sequence[CitedPassage]) -> SentenceVerdict:
    """Pass a sentence if all its words occur in the cited passages."""
    known = set(re.findall(r"\w+", " ".join(passage.text for passage in cited).lower()))
    missing = [word for word in re.findall(r"\w+", sentence.lower()) if word not in known]
    result = CheckResult(name="words", passed=not missing, detail=", ".join(missing))
    return SentenceVerdict(passed=not missing, checks=(result,))


def passage(rank: int, text: str, title: str = "A story") -> Passage:
    """Return a passage of a separate document."""
    spans = (Span(start=0, end=len(text)),)
    citation = Citation(
        document_id=f"story-{rank}",
        title=title,
        publisher=None,
        agency=None,
        authors=(),
        published=None,
        url=None,
        cited_text=text,
        source=f"story-{rank}.txt",
        source_sha256="0" * 64,
        encoding="utf-8",
        start_char_index=0,
        end_char_index=len(text),
        segments=spans,
        line_start=1,
        line_end=1,
        paragraph=1,
        formatted=f"{title}. n.d., para. 1.",
    )
    return Passage(
        rank=rank,
        passage_id=f"story-{rank}:1",
        text=text,
        confidence=0.9,
        highlights=spans,
        citation=citation,
        also_in=(),
    )


def answer(*texts: str, question: str = "Why does Russia object?", title: str = "A story") -> Answer:
    """Return an answer with these passages; the first is the answer."""
    passages = tuple(passage(rank, text, title) for rank, text in enumerate(texts, 1))
    return Answer(
        question=question,
        status="answered",
        no_answer_reason=None,
        confidence=0.9,
        threshold=0.5,
        answer=AnswerText(text=texts[0], citation=passages[0].citation),
        passages=passages,
        index=IndexInfo(generation="g", documents=2, passages=2, model="words", model_sha256="0" * 64),
        took_ms=1.0,
    )

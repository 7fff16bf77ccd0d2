"""Training examples of the reader: questions with the passages that the engine finds for them.

NewsQA contributes three quarters of its stories, SQuAD the articles outside the held-out fold, and QAMR its sentences.
Every set is one collection, asked its own questions; the passages are the first that the engine ranks. For a question
with an answer, the answering paragraph is added if it is not among them; near misses are examples too. NewsQA's stories
are also asked the questions that a language model wrote about them, if there is a file of its replies; those whose
answer is not known are examples without a label.

Run: python -m wherefrom.eval.training.reader.examples BENCH_FOLDER OUT [--replies REPLIES]
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer

from wherefrom.eval.datasets.documents import build_document
from wherefrom.eval.datasets.jsonl import read_lines
from wherefrom.eval.training.asked_questions import AskedQuestion, newsqa, qamr, squad
from wherefrom.eval.training.reader.changed_questions import changed_question
from wherefrom.eval.training.reader.generated_questions import generated_questions, read_replies, unlabelled_questions
from wherefrom.index.embedding.loader import load_embedder
from wherefrom.index.embedding.protocol import Embedder
from wherefrom.index.library import Library

DEPTH = 16
"""Number of ranked passages of an example."""
QAMR_DEPTH = 8
"""DEPTH of QAMR, whose short questions could often be about other sentences too."""
UNLABELLED_DEPTH = 6
"""DEPTH of questions without a label."""
CHANGED_SHARE = 0.5
"""Share of answered questions that are added again with a change, so that no passage answers them."""
SEED = 0
TUPLES = ("passages", "relevance", "answers")
"""The fields of an example that are lists in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderExample:
    """A question and passages; `place` is the position of the passage with the answer, -1 for a question without one.

    `start` and `end` are the character offsets of the answer in that passage, -1 without an answer. If the example is
    not `labelled`, it is not known which passage answers, and `place` is -1. `relevance` and `answers` are the scores
    that a teacher gives to each passage, empty if there was none.
    """

    source: str
    question: str
    passages: tuple[str, ...]
    place: int
    start: int = -1
    end: int = -1
    labelled: bool = True
    relevance: tuple[float, ...] = ()
    answers: tuple[float, ...] = ()


def examples(
    source: str,
    stories: Mapping[str, Sequence[str]],
    questions: Sequence[AskedQuestion],
    embedder: Embedder,
    depth: int = DEPTH,
) -> Iterator[ReaderExample]:
    """Ask a collection of these stories the questions, and yield the examples; some answered ones also in changed form.

    A question whose answer is not ranked has its paragraph added behind the others.
    """
    random = np.random.default_rng(SEED)
    vocabulary = [text for texts in stories.values() for text in texts]
    with TemporaryDirectory() as data, Library.open(Path(data), embedder=embedder) as library:
        library.put_many((id_, build_document(id_, texts)) for id_, texts in stories.items())
        for question in questions:
            hits = library.rank(question.text, top_k=depth)
            places = [(hit.document_id, hit.number) for hit in hits]
            example = _example(source, question, places, stories)
            if example is None:
                continue
            yield example
            if example.place >= 0 and random.random() < CHANGED_SHARE:
                changed = changed_question(question.text, example.passages[example.place], vocabulary, random)
                if changed is not None:
                    near = [example.passages[example.place], *_without(example.passages, example.place)]
                    yield ReaderExample(source=f"{source}-changed", question=changed, passages=tuple(near), place=-1)


def unlabelled_examples(
    source: str, stories: Mapping[str, Sequence[str]], questions: Sequence[str], embedder: Embedder
) -> Iterator[ReaderExample]:
    """Ask a collection of these stories the questions, and yield the examples, which have no label."""
    with TemporaryDirectory() as data, Library.open(Path(data), embedder=embedder) as library:
        library.put_many((id_, build_document(id_, texts)) for id_, texts in stories.items())
        for question in questions:
            hits = library.rank(question, top_k=UNLABELLED_DEPTH)
            texts = tuple(stories[hit.document_id][hit.number - 1] for hit in hits)
            yield ReaderExample(source=source, question=question, passages=texts, place=-1, labelled=False)


def _example(
    source: str,
    question: AskedQuestion,
    places: Sequence[tuple[str, int]],
    stories: Mapping[str, Sequence[str]],
) -> ReaderExample | None:
    texts = [stories[story][number - 1] for story, number in places]
    if not question.answers:
        return ReaderExample(source=f"{source}-near-miss", question=question.text, passages=tuple(texts), place=-1)
    golds = [
        at for at, (story, number) in enumerate(places) if story == question.story and number in question.paragraphs
    ]
    if not golds:
        golds = [len(texts)]
        places = [*places, (question.story, min(question.paragraphs))]
        texts.append(stories[question.story][min(question.paragraphs) - 1])
    place = golds[0]
    found = _find(texts[place], question.answers)
    if found is None:
        return None
    kept = [
        at
        for at, (story, _) in enumerate(places)
        if at == place or story != question.story or _find(texts[at], question.answers) is None
    ]
    return ReaderExample(
        source=source,
        question=question.text,
        passages=tuple(texts[at] for at in kept),
        place=kept.index(place),
        start=found[0],
        end=found[1],
    )


def _find(text: str, answers: Sequence[str]) -> tuple[int, int] | None:
    for answer in sorted(answers, key=len):
        stripped = answer.strip().rstrip(".,;")
        at = text.casefold().find(stripped.casefold()) if stripped else -1
        if at >= 0:
            return at, at + len(stripped)
    return None


def _without(values: Sequence[str], at: int) -> list[str]:
    return [value for number, value in enumerate(values) if number != at]


def load_examples(paths: Iterable[Path]) -> list[ReaderExample]:
    """Read the examples of files that `save_examples` wrote."""
    rows = (json.loads(line) for path in paths for _, line in read_lines(path))
    return [ReaderExample(**row | {name: tuple(row[name]) for name in TUPLES if name in row}) for row in rows]


def save_examples(path: Path, examples: Iterable[ReaderExample]) -> Counter[str]:
    """Write a JSON lines file, and return the number of examples by source."""
    counts: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(asdict(example)) + "\n")
            counts[example.source] += 1
    return counts


def limited(examples: Sequence[ReaderExample], max_examples: Mapping[str, int]) -> list[ReaderExample]:
    """Return the examples, at most `max_examples` random ones of each source that it names."""
    by_source: defaultdict[str, list[ReaderExample]] = defaultdict(list)
    for example in examples:
        by_source[example.source].append(example)
    draw = np.random.default_rng(SEED)
    kept: list[ReaderExample] = []
    for source, of_source in by_source.items():
        most = max_examples.get(source, len(of_source))
        kept += (
            of_source if len(of_source) <= most else [of_source[at] for at in draw.permutation(len(of_source))[:most]]
        )
    return kept


def main(
    bench: Annotated[Path, typer.Argument(help="The folder with newsqa, squad2 and qamr.")],
    out: Annotated[Path, typer.Argument(help="The JSON lines file to write.")],
    replies: Annotated[
        Path | None, typer.Option(help="A file of wherefrom.eval.training.reader.generate_questions.")
    ] = None,
) -> None:
    """Write the examples of all sets."""
    embedder = load_embedder()
    stories, questions = newsqa(bench / "newsqa", held_out_stories=False)
    parts = [
        examples("newsqa", stories, questions, embedder),
        examples("squad", *squad(bench / "squad2"), embedder),
        examples("qamr", *qamr(bench / "qamr"), embedder, QAMR_DEPTH),
    ]
    if replies is not None:
        read = read_replies(replies)
        parts.append(examples("newsqa-written", stories, generated_questions(read, stories), embedder))
        unlabelled = unlabelled_questions(read, stories)
        parts.append(unlabelled_examples("newsqa-unlabelled", stories, unlabelled, embedder))
    for source, count in save_examples(out, chain.from_iterable(parts)).items():
        typer.echo(f"{source}: {count:,} examples")


if __name__ == "__main__":
    typer.run(main)

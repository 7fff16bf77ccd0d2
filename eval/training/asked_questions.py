"""Questions to train with, and the stories that they are asked of: NewsQA's, SQuAD's and QAMR's.

Parts of NewsQA and SQuAD are held out: nothing is trained on them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from wherefrom.eval.datasets.jsonl import Row, read_lines, read_rows
from wherefrom.eval.datasets.small_collections import FOLDS, HELD_OUT_FOLD, squad_collections

HELD_OUT_STORIES = 4
"""One in this number of NewsQA's stories is held out, by the hash of its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question, its answers, and the story and the paragraphs (1-based numbers) that it is about.

    A near miss has no answers; its `paragraphs` are not used.
    """

    text: str
    answers: tuple[str, ...]
    story: str
    paragraphs: frozenset[int]


def held_out(story: str) -> bool:
    """Return whether a story of NewsQA is held out from training."""
    return int(sha256(story.encode()).hexdigest(), 16) % HELD_OUT_STORIES == 0


def newsqa(folder: Path, *, held_out_stories: bool) -> tuple[Mapping[str, Sequence[str]], list[AskedQuestion]]:
    """Return NewsQA's stories as paragraphs, either the held-out ones or the others, and the questions about them."""
    stories: defaultdict[str, list[str]] = defaultdict(list)
    for row in read_rows(folder / "corpus.jsonl"):
        if held_out(row.text("article")) == held_out_stories:
            stories[row.text("article")].append(row.text("text"))
    gold = dict(line.split("\t")[:2] for _, line in read_lines(folder / "qrels.tsv"))
    questions = [
        AskedQuestion(
            text=row.text("text"),
            answers=_answers(row),
            story=row.text("article"),
            paragraphs=frozenset({int(gold[row.text("id")].rsplit("#")[1]) + 1}),
        )
        for row in read_rows(folder / "queries.jsonl")
        if row.text("article") in stories
    ]
    return stories, questions


def squad(folder: Path) -> tuple[Mapping[str, Sequence[str]], list[AskedQuestion]]:
    """Return SQuAD's articles outside the held-out fold, cut to news length, and the questions about them."""
    stories: dict[str, Sequence[str]] = {}
    questions = []
    for fold in range(FOLDS):
        if fold != HELD_OUT_FOLD:
            for collection in squad_collections(folder, fold):
                stories |= collection.stories
                questions += [
                    AskedQuestion(
                        text=question.text,
                        answers=question.answers,
                        story=collection.name,
                        paragraphs=frozenset(gold.paragraph for gold in question.golds),
                    )
                    for question in collection.questions
                ]
    return stories, questions


def qamr(folder: Path) -> tuple[Mapping[str, Sequence[str]], list[AskedQuestion]]:
    """Return QAMR's sentences by the text that contains them, and the questions about them."""
    stories: defaultdict[str, list[str]] = defaultdict(list)
    numbers: dict[str, tuple[str, int]] = {}
    for row in read_rows(folder / "sentences.jsonl"):
        story = ":".join(row.text("_id").split(":")[:3])
        stories[story].append(row.text("text"))
        numbers[row.text("_id")] = story, len(stories[story])
    questions = []
    for row in read_rows(folder / "questions.jsonl"):
        story, number = numbers[row.text("sentence")]
        answer = (row.text("answer"),)
        questions.append(
            AskedQuestion(text=row.text("text"), answers=answer, story=story, paragraphs=frozenset({number}))
        )
    return stories, questions


def _answers(row: Row) -> tuple[str, ...]:
    answers = row.values["answers"]
    return tuple(str(answer) for answer in answers) if isinstance(answers, list) else ()

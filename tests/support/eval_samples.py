"""Small evaluation data for tests: questions of the seeds, BEIR folders, and runs built without a library."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wherefrom.eval.datasets.questions import Gold, JudgedQuestion, Kind, ParagraphRef, Question
from wherefrom.eval.measurement.runs import JudgedRanking, Run
from wherefrom.index.types import Answer, AnswerText, Citation, IndexInfo, Passage, Span

RADAR_GOLD = {
    "document": "002_8dddc422d49da77a.txt",
    "quote": "powerful X-band radar and surveillance platforms",
    "answer": "X-band radar",
}
RADAR = {
    "id": "radar",
    "question": "why does Russia object to the X-band radar?",
    "kind": "answerable",
    "golds": [RADAR_GOLD],
    "own_words": True,
}
BTS = {"id": "bts", "question": "Which BTS song was it?", "kind": "debris", "golds": [], "own_words": False}
EMPTY_INDEX_INFO = IndexInfo(generation="g", documents=1, passages=1, model="none", model_sha256="0" * 64)


def write_jsonl(path: Path, rows: Iterable[Mapping[str, object] | str]) -> Path:
    """Write a JSON Lines file; a row that is a string is written unchanged."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def beir_folder(folder: Path, *, native: bool = False) -> Path:
    """Write a BEIR folder with three documents and three queries, one of them without a positive judgement."""
    key = "_id" if native else "id"
    corpus: list[dict[str, object]] = [
        {key: "cats", "title": "Cats", "text": "They sleep all day. They hunt mice at night."},
        {key: "tides", "title": "", "text": "The moon pulls the sea, and the water rises twice a day."},
        {key: "bread", "title": "Bread", "text": "Bread is made of flour, water and salt."},
    ]
    queries: list[dict[str, object]] = [
        {key: "q1", "text": "what do cats hunt at night", "answerable": True},
        {key: "q2", "text": "why the water of the sea rises"},
        {key: "q3", "text": "who won the match", "answerable": False},
    ]
    qrels = "query-id\tcorpus-id\tscore\nq1\tcats\t1\nq2\ttides\t2\nq2\tbread\t1\nq3\tbread\t0\n"
    write_jsonl(folder / "corpus.jsonl", corpus)
    write_jsonl(folder / "queries.jsonl", queries)
    target = folder / ("qrels/test.tsv" if native else "qrels.tsv")
    target.parent.mkdir(exist_ok=True)
    target.write_text(qrels, encoding="utf-8")
    return folder


def citation(document_id: str = "a.txt", paragraph: int = 1, **fields: object) -> Citation:
    """Return a citation of one word."""
    values: dict[str, Any] = {
        "document_id": document_id,
        "title": None,
        "publisher": None,
        "agency": None,
        "authors": (),
        "published": None,
        "url": None,
        "cited_text": "word",
        "source": document_id,
        "source_sha256": "0" * 64,
        "encoding": "utf-8",
        "start_char_index": 0,
        "end_char_index": 4,
        "segments": (Span(start=0, end=4),),
        "line_start": 1,
        "line_end": 1,
        "paragraph": paragraph,
        "formatted": document_id,
    }
    return Citation(**(values | fields))


def passage(rank: int, cited: Citation, *copies: Citation) -> Passage:
    """Return a passage of a ranking."""
    return Passage(
        rank=rank, passage_id=str(rank), text="word", confidence=0.5, highlights=(), citation=cited, also_in=copies
    )


def answer_of(*, confidence: float, answered: bool, passages: Sequence[Passage] = (), text: str = "word") -> Answer:
    """Return an answer whose sentence cites the first passage."""
    cited = passages[0].citation if passages else citation()
    return Answer(
        question="?",
        status="answered" if answered else "no_answer",
        no_answer_reason=None if answered else "below_threshold",
        confidence=confidence,
        threshold=0.5,
        answer=AnswerText(text=text, citation=cited) if answered else None,
        passages=tuple(passages),
        index=EMPTY_INDEX_INFO,
        took_ms=1.0,
    )


def run_of(
    id_: str, kind: Kind = "answerable", *, gold_rank: int | None = 1, confidence: float = 0.9, baseline: int | None = 2
) -> Run:
    """Return a run with one gold at `gold_rank`; it is answered if `confidence` is at least 0.5."""
    golds = (Gold(document="a.txt", quote="a word", answer="word"),) if kind == "answerable" else ()
    question = Question(id=id_, question=f"{id_}?", kind=kind, golds=golds, own_words=False, line=1)
    gold_paragraphs = tuple(ParagraphRef(document_id="a.txt", paragraph=1) for _ in golds)
    first = citation("a.txt", 1) if gold_rank == 1 else citation("b.txt", 7)
    own, others = _ranking(gold_rank, len(golds)), _ranking(baseline, len(golds))
    return Run(
        judged=JudgedQuestion(question=question, gold_paragraphs=gold_paragraphs),
        answer=answer_of(confidence=confidence, answered=confidence >= 0.5, passages=[passage(1, first)]),
        top_cosine=confidence / 2,
        rankings={"wherefrom": own, "bm25": others, "dense": others, "rrf": others},
        citations=2,
        faults=(),
    )


def _ranking(gold_rank: int | None, golds: int) -> JudgedRanking:
    gains = [0.0] * 10
    if golds and gold_rank:
        gains[gold_rank - 1] = 1.0
    return JudgedRanking(gains=tuple(gains), judgements=(1.0,) * golds)

"""Measures variants: answers from an index of each variant, as the service gives them, and the time of embedding."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from wherefrom.eval.datasets.questions import ParagraphRef
from wherefrom.eval.measurement.beir import BATCH_SIZE
from wherefrom.eval.measurement.caching_embedder import CachingEmbedder
from wherefrom.eval.measurement.runs import RANKING_DEPTH, JudgedRanking
from wherefrom.eval.progress import progress_bar
from wherefrom.eval.studies.one_pass.linear_maps import Maps
from wherefrom.eval.studies.one_pass.outside_sets import OutsideSet
from wherefrom.eval.studies.one_pass.pooling import PoolingEmbedder
from wherefrom.eval.studies.one_pass.variants import Variant, embed, portions
from wherefrom.eval.studies.question_sets import StudyQuestion
from wherefrom.index.engine import Item
from wherefrom.index.library import Library
from wherefrom.index.reading.lazy_reader import LazyReader
from wherefrom.index.reading.loader import reader_of
from wherefrom.index.reading.protocol import Reader, Reading
from wherefrom.index.types import EFFORTS, Answer, AskOptions, Citation, Effort


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of one question: the judged ranking, whether the answering sentence has the answer, the confidence.

    `sentence` is `None` where only whole passages were judged.
    """

    ranking: JudgedRanking
    sentence: bool | None
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantResults:
    """By effort, the result of each question of a set, and the confidence of each near miss, for one variant."""

    results: Mapping[Effort, Sequence[Result]]
    near_misses: Mapping[Effort, Sequence[float]]


class RememberingReader:
    """A reader that caches its readings, since most variants rank the same passages first."""

    def __init__(self, reader: Reader) -> None:
        """Wrap a reader."""
        self._reader = reader
        self._readings: dict[tuple[str, str], Reading] = {}

    def read(self, question: str, passages: Sequence[str]) -> Sequence[Reading]:
        """Return one reading per passage, the same as from the wrapped reader."""
        new = [passage for passage in dict.fromkeys(passages) if (question, passage) not in self._readings]
        if new:
            keys = [(question, passage) for passage in new]
            self._readings |= dict(zip(keys, self._reader.read(question, new), strict=True))
        return [self._readings[question, passage] for passage in passages]


def remembering(embedder: PoolingEmbedder) -> LazyReader:
    """Return the model's reader with a cache that all variants share."""
    lazy = reader_of(embedder)

    def load() -> Reader | None:
        reader = lazy.get()
        return None if reader is None else RememberingReader(reader)

    return LazyReader(load)


def measure_set(
    outside: OutsideSet,
    variants: Sequence[Variant],
    embedder: PoolingEmbedder,
    maps: Mapping[str, Maps],
    reader: LazyReader,
) -> Mapping[str, VariantResults]:
    """Index a set's documents by every variant, ask each index all questions, and return the results by variant."""
    caching = CachingEmbedder(embedder)
    with ExitStack() as stack:
        libraries = {}
        for variant in variants:
            folder = stack.enter_context(TemporaryDirectory(prefix="wherefrom-one-pass-"))
            libraries[variant.name] = stack.enter_context(
                Library.open(Path(folder), embedder=caching, reader=reader, threshold=0.0)
            )
        with progress_bar(f"indexing {outside.name}", len(outside.documents)) as progress:
            for portion in portions(list(outside.documents.items())):
                _put(portion, variants, libraries, embedder, maps)
                progress(len(portion))
        questions = [*outside.questions, *map(_near_miss, outside.near_misses)]
        asked = {name: _ask(questions, library) for name, library in libraries.items()}
        found: dict[str, list[Mapping[Effort, Result]]] = {name: [] for name in asked}
        with progress_bar(f"asking {outside.name}", len(questions)) as progress:
            for batches in zip(*asked.values(), strict=True):  # each variant takes the cached encoding of a batch
                for name, batch in zip(asked, batches, strict=True):
                    found[name] += batch
                progress(len(batches[0]))
    count = len(outside.questions)
    return {name: _by_effort(results[:count], results[count:]) for name, results in found.items()}


def processor_seconds(
    items: Sequence[Item],
    variants: Sequence[Variant],
    embedder: PoolingEmbedder,
    maps: Mapping[str, Maps],
    rounds: int,
) -> Mapping[str, Sequence[float]]:
    """Return for each variant the processor time of embedding documents, in seconds, of each round.

    The variants take turns; a round before the first is not counted.
    """
    seconds: dict[str, list[float]] = {variant.name: [] for variant in variants}
    for number in range(rounds + 1):
        for variant in variants:
            started = time.process_time()
            for portion in portions(items):
                embed(variant, [document for _, document in portion], embedder, maps)
            if number:
                seconds[variant.name].append(time.process_time() - started)
    return seconds


def _put(
    portion: Sequence[Item],
    variants: Sequence[Variant],
    libraries: Mapping[str, Library],
    embedder: PoolingEmbedder,
    maps: Mapping[str, Maps],
) -> None:
    documents = [document for _, document in portion]
    names = sorted({name for variant in variants if not variant.is_today for name in variant.passes})
    if all(len(document.paragraphs) == 1 for document in documents):
        passes = dict.fromkeys(names, embedder.pool("alone", documents))  # there is nothing to read before them
    else:
        passes = {name: embedder.pool(name, documents) for name in names}
    for variant in variants:
        libraries[variant.name].put_batch(portion, vectors=embed(variant, documents, embedder, maps, passes))


def _ask(questions: Sequence[StudyQuestion], library: Library) -> Iterator[Sequence[Mapping[Effort, Result]]]:
    """Yield batches of the results of all questions, by effort."""
    for start in range(0, len(questions), BATCH_SIZE):
        batch = questions[start : start + BATCH_SIZE]
        queries = library.encode([question.text for question in batch])
        with library.searcher() as searcher:
            results = [
                {
                    effort: _result(
                        question,
                        searcher.answer(question.text, query, AskOptions(top_k=RANKING_DEPTH, effort=effort)),
                    )
                    for effort in EFFORTS
                }
                for question, query in zip(batch, queries, strict=True)
            ]
        yield results


def _near_miss(text: str) -> StudyQuestion:
    return StudyQuestion(text=text, judge=lambda _: JudgedRanking(gains=(), judgements=()))


def _by_effort(
    questions: Sequence[Mapping[Effort, Result]], near_misses: Sequence[Mapping[Effort, Result]]
) -> VariantResults:
    return VariantResults(
        results={effort: [each[effort] for each in questions] for effort in EFFORTS},
        near_misses={effort: [each[effort].confidence for each in near_misses] for effort in EFFORTS},
    )


def _result(question: StudyQuestion, answer: Answer) -> Result:
    sentence = None
    if question.contains_answer is not None:
        sentence = answer.answer is not None and question.contains_answer(
            _paragraph(answer.answer.citation), answer.answer.text
        )
    passages = [[_paragraph(each) for each in (passage.citation, *passage.also_in)] for passage in answer.passages]
    return Result(ranking=question.judge(passages), sentence=sentence, confidence=answer.confidence)


def _paragraph(citation: Citation) -> ParagraphRef:
    return ParagraphRef(document_id=citation.document_id, paragraph=citation.paragraph)

"""How often the answering sentence holds the answer, and how often another sentence of the first passages does."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from wherefrom.eval.datasets.questions import Place
from wherefrom.eval.metrics.calibration_metrics import share
from wherefrom.eval.studies.question_sets import Asked, Says
from wherefrom.index.answering.passages import ScoredPassage
from wherefrom.index.library import Library
from wherefrom.index.types import Sentence

PASSAGES = 3
Holds = Callable[[Sequence[ScoredPassage], Says], bool]


def held(library: Library, asked: Sequence[Asked]) -> Iterator[Mapping[str, bool]]:
    """For each question by line of the table, whether the answer is in the sentence, or in one of the sentences."""
    for question in asked:
        if question.says is not None:
            examined = library.score_passages(question.text, top_k=PASSAGES)
            yield {name: holds(examined, question.says) for name, holds in LINES.items()}


def held_rows(sets: Mapping[str, Sequence[Mapping[str, bool]]]) -> list[list[str]]:
    """A line a sort of sentence, a column a set of questions."""
    rows = [["the answer is in", *(f"{name} ({len(found)})" for name, found in sets.items())]]
    for line in LINES:
        shares = (share(sum(each[line] for each in found), len(found)) for found in sets.values())
        rows.append([line, *(f"{each.value:.3f} ({each.low:.3f} to {each.high:.3f})" for each in shares)])
    return rows


def _chosen(examined: Sequence[ScoredPassage], says: Says) -> bool:
    return any(_says(found, found.sentence, says) for found in examined[:1])


def _any_of(passages: int) -> Holds:
    return lambda examined, says: any(
        _says(found, sentence, says)
        for found in examined[:passages]
        for sentence in found.paragraph.stored.paragraph.sentences
    )


def _says(found: ScoredPassage, sentence: Sentence, says: Says) -> bool:
    stored = found.paragraph.stored
    place = Place(document_id=stored.source.document_id, paragraph=stored.paragraph.number)
    return says(place, stored.paragraph.text[sentence.start : sentence.end])


LINES: Mapping[str, Holds] = {
    "the answering sentence": _chosen,
    "some sentence of the first passage": _any_of(1),
    f"some sentence of the first {PASSAGES}": _any_of(PASSAGES),
}

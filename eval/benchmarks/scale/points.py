"""The points of the scale curve, and the curve as a table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from wherefrom.eval.benchmarks.scale.recall import TOP


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One size of the curve; times are milliseconds unless they say seconds, memory is megabytes.

    Those of parts are of the processor: on a machine that others use they are what an idle one would take.
    """

    paragraphs: int
    units: int
    questions: int
    built_seconds: float
    paragraphs_a_second: float
    disk_mb: float
    start_seconds: float
    p50: float
    p99: float
    cpu_p50: float
    cpu_p99: float
    lexical_p50: float
    paragraph_p50: float
    sentence_p50: float
    rest_p50: float
    change_p50: float
    recall_paragraphs: float
    recall_sentences: float
    rss_mb: float
    rss_files_mb: float


def as_markdown(points: Sequence[Point], *, real_sentences: int) -> str:
    """The curve as a table, with what is real in it and what is drawn."""
    rows: Mapping[str, Callable[[Point], str]] = {
        "paragraphs": lambda point: f"{point.paragraphs:,}",
        "vectors, with those of the sentences": lambda point: f"{point.units:,}",
        "search, p50 / p99 ms": lambda point: f"{point.p50:.1f} / {point.p99:.1f}",
        "search, p50 / p99 ms of the processor": lambda point: f"{point.cpu_p50:.1f} / {point.cpu_p99:.1f}",
        "of it BM25, p50 ms": lambda point: f"{point.lexical_p50:.1f}",
        "of it paragraph vectors, p50 ms": lambda point: f"{point.paragraph_p50:.1f}",
        "of it sentence vectors, p50 ms": lambda point: f"{point.sentence_p50:.1f}",
        "of it scoring, fusion, late interaction, p50 ms": lambda point: f"{point.rest_p50:.1f}",
        "a document of ten paragraphs put, until it is searched, p50 ms": lambda point: f"{point.change_p50:.0f}",
        f"recall@{TOP} of paragraphs by vector": lambda point: f"{point.recall_paragraphs:.3f}",
        f"recall@{TOP} of sentences by vector": lambda point: f"{point.recall_sentences:.3f}",
        "resident memory, MB (of it mapped files)": lambda point: f"{point.rss_mb:.0f} ({point.rss_files_mb:.0f})",
        "start to the first answer, s": lambda point: f"{point.start_seconds:.2f}",
        "built, paragraphs a second": lambda point: f"{point.paragraphs_a_second:,.0f}",
        "on disk, MB": lambda point: f"{point.disk_mb:,.0f}",
    }
    (head, first), *others = rows.items()
    lines = [_line(head, map(first, points)), _line("---", ["---:"] * len(points))]
    lines += [_line(name, map(shown, points)) for name, shown in others]
    told = (
        f"The first {real_sentences:,} sentences and their vectors are real; what is beyond is drawn around them"
        " (`eval/scale_rows.py` says how); of a paragraph eight tokens are kept. Encoding the question is not in it."
    )
    return "\n".join([*lines, "", told, ""])


def _line(name: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"

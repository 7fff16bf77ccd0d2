"""The stages of the data, from a raw file to a cited answer, as frozen dataclasses.

Offsets are 0-based code points into the decoded source, end exclusive; line and paragraph numbers are 1-based.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, TypedDict, get_args

from wherefrom.index.conversation import Context, FollowUp
from wherefrom.index.extraction import ExtractedPage, Extraction, ExtractorVersion
from wherefrom.index.field_conditions import ExtraValue, FieldCondition


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """The characters from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence: `start` and `end` are offsets into its paragraph's text, `segments` into the decoded source."""

    start: int
    end: int
    segments: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of body text; `text` is its segments joined, with white space collapsed."""

    number: int
    text: str
    segments: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    line_start: int
    line_end: int


HeadingKind = Literal["subhead", "question"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A subhead, or a question that the paragraphs below it answer: cited and shown, never searched or an answer.

    `text` is its segments joined, with white space collapsed; `above` is the number of the next paragraph.
    """

    kind: HeadingKind
    text: str
    segments: tuple[Span, ...]
    line_start: int
    line_end: int
    above: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A span of the source that cleaning left out, and the name of the rule that did."""

    start: int
    end: int
    rule: str


MediaType = Literal[
    "text/plain",
    "text/html",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
    "application/rtf",
    "application/epub+zip",
    "text/markdown",
    "application/vnd.ms-outlook",
]
"""The format of a source's bytes; for all but the first two, offsets refer to a text extracted from them."""
DecodingErrors = Literal["strict", "replace"]
"""How a source's bytes are decoded: with "replace", bytes that are invalid in the encoding become U+FFFD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Metadata given by the caller; a given value replaces the one read from the source.

    `language` is a BCP 47 tag, such as "en" or "pt-BR". `extra` has further fields by name, which filters can use.
    """

    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    language: str | None = None
    extra: Mapping[str, ExtraValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise TypeError if the authors are one text."""
        _store_as_tuples(self, ("authors",))


def _store_as_tuples(holder: object, names: Iterable[str]) -> None:
    """Store fields of several values as tuples. Raise TypeError for a text, whose characters would be the values."""
    for name in names:
        value = getattr(holder, name)
        if isinstance(value, str):
            raise TypeError(f"{name}: must be several texts, such as ({value!r},), not one text")
        object.__setattr__(holder, name, tuple(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSource:
    """The bytes of one article as they were read, and the metadata that the caller gave with them.

    `name` is the article's name as a source, such as a file's path. Without a `media_type`, `extract` detects it from
    the beginning of the text. `document_id` is the id that the article itself specifies, or `None`. `warnings` name
    parts that are known to be missing from the file.
    """

    name: str
    raw: bytes
    media_type: MediaType | None = None
    given: Given = field(default_factory=Given)
    document_id: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Metadata of a document, verbatim from its source or given by the caller; `None` where no rule found a value.

    `language` is the BCP 47 tag that the page declares; it is never guessed from the text.
    By field name, `origins` has the origin of each value ("by-hand", "given", "text", or a kind of markup such as
    "json-ld"), and `evidence` the spans of the source that it was read from.
    """

    title: str | None = None
    publisher: str | None = None
    agency: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    url: str | None = None
    language: str | None = None
    extra: Mapping[str, ExtraValue] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    evidence: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A source after reading: its identity, its metadata, its body, and the dropped spans.

    From `raw`, `media_type` and `given` it can be read again. Comparisons use `source_sha256` in place of the bytes.
    `warnings` report problems such as invalid bytes; they are not stored. A source that is not text itself has an
    `extraction`: all offsets refer to its text, and `encoding` is the encoding in which this text is hashed.
    """

    source: str
    raw: bytes = field(repr=False, compare=False)
    source_sha256: str
    encoding: str
    errors: DecodingErrors = "strict"
    media_type: MediaType = "text/plain"
    given: Given = field(default_factory=Given)
    metadata: Metadata
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Heading, ...] = ()
    dropped: tuple[Dropped, ...]
    warnings: tuple[str, ...] = ()
    extraction: Extraction | None = None

    @property
    def text(self) -> str:
        """The text that offsets refer to: extracted from the bytes, or decoded."""
        return self.raw.decode(self.encoding, self.errors) if self.extraction is None else self.extraction.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The source of a document; `path` is the file that it was read from, if any.

    `extractor` and `text_sha256` are `None` for a source that is text itself.
    """

    document_id: str
    source: str
    path: Path | None
    source_sha256: str
    encoding: str
    errors: DecodingErrors
    media_type: MediaType
    given: Given
    metadata: Metadata
    extractor: ExtractorVersion | None = None
    text_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredParagraph:
    """A paragraph with the source of its document, and the pages that contain it, if the source has pages."""

    source: Source
    paragraph: Paragraph
    pages: tuple[ExtractedPage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """A document as the collection lists it; documents with equal contents have equal etags. `bytes` is the size.

    `origins` has where each value of metadata came from, as in `Metadata`.
    """

    document_id: str
    etag: str
    title: str | None
    publisher: str | None
    agency: str | None
    authors: tuple[str, ...]
    published: date | None
    url: str | None
    language: str | None = None
    extra: Mapping[str, ExtraValue] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    source: str
    source_sha256: str
    encoding: str
    errors: DecodingErrors = "strict"
    media_type: MediaType
    bytes: int
    paragraphs: int
    extractor: ExtractorVersion | None = None
    text_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherCount:
    """A publisher, as the filters take it, and the number of its documents."""

    publisher: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Restricts the documents that may answer; an empty field allows every document.

    A document must match one of several values in a field. A value of `title` is one or more words, all of which must
    occur in the title. A `language` such as "en" also allows "en-GB". All conditions of `extra` must hold.
    """

    publisher: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    document_id: tuple[str, ...] = ()
    extra: tuple[FieldCondition, ...] = ()

    def __post_init__(self) -> None:
        """Raise TypeError if a field of several values is one text."""
        _store_as_tuples(self, ("publisher", "agency", "author", "title", "language", "document_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFilters:
    """Restricts the paragraphs that may answer by sequences of words, as `analyzer.words` returns them.

    A paragraph must contain all of `phrases` and none of `excluded`.
    """

    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()


Preference = Literal["newest"]
PREFERENCES: tuple[Preference, ...] = get_args(Preference)
Effort = Literal["fast", "careful"]
EFFORTS: tuple[Effort, ...] = get_args(Effort)
"""How passages are ranked: "fast" by the searches alone, "careful" also by a model that reads question and passage."""
DEFAULT_HALF_LIFE_DAYS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOptions:
    """The options of a question.

    `top_k` is the number of passages to return, `max_per_document` the maximum per document (`None`: no limit). With
    `explain` each passage has its scores, and the answer an explanation of how the question was understood. With
    `prefer` "newest", later publication dates rank higher: the bonus of a document halves with every `half_life_days`
    of age. `effort` is by default "fast"; without a reader, every question is answered with "fast". With a `context`,
    a question that refers to it is answered as a follow-up; any other is answered as without one.
    """

    top_k: int = 5
    filters: Filters = field(default_factory=Filters)
    max_per_document: int | None = None
    explain: bool = False
    prefer: Preference | None = None
    half_life_days: float = DEFAULT_HALF_LIFE_DAYS
    effort: Effort | None = None
    context: Context | None = None


class AskKeywords(TypedDict, total=False):
    """`AskOptions` as keyword arguments, all optional."""

    top_k: int
    filters: Filters
    max_per_document: int | None
    explain: bool
    prefer: Preference | None
    half_life_days: float
    effort: Effort | None
    context: Context | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """A passage's scores for one question; higher is better in each. `fused` is the score that orders the ranking.

    `recency` is there only where the newest are preferred: 1 for the newest date, halved with every half-life of age,
    0 without a date.
    """

    dense: float
    sentence: float
    lexical: float
    fused: float
    recency: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A ranked paragraph: its document id and number, its scores, and the ids and numbers of its copies elsewhere."""

    document_id: str
    number: int
    scores: Scores
    copies: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The exact place of a text in its source, so that anyone can check it.

    For `media_type` "text/html" the slices at `segments` are joined before character references are resolved.
    `text_fragment_url` opens the web page at the text; it is `None` without a `url`.
    """

    document_id: str
    title: str | None
    publisher: str | None
    agency: str | None
    authors: tuple[str, ...]
    published: date | None
    url: str | None
    text_fragment_url: str | None = None
    cited_text: str
    source: str
    source_sha256: str
    encoding: str
    errors: DecodingErrors = "strict"
    media_type: MediaType = "text/plain"
    start_char_index: int
    end_char_index: int
    segments: tuple[Span, ...]
    line_start: int
    line_end: int
    paragraph: int
    formatted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedCitation(Citation):
    """A citation of a source that is not text itself: its offsets refer to the text that `extractor` extracted from it.

    `text_sha256` is the SHA-256 of this text as UTF-8.
    """

    extractor: ExtractorVersion
    text_sha256: str


BoxCorners = tuple[float, float, float, float]
"""A rectangle on a page in points, from the page's left and top edges: left, top, right, bottom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBoxes:
    """The boxes of a cited text on one page."""

    page: int
    boxes: tuple[BoxCorners, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCitation(ExtractedCitation):
    """A citation of a source with pages: `boxes` surround the text, line by line, on the 1-based `page`.

    `further_pages` has the boxes of a text that continues on later pages.
    """

    page: int
    boxes: tuple[BoxCorners, ...]
    further_pages: tuple[PageBoxes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerText:
    """The sentence that answers, verbatim, and its own citation."""

    text: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A ranked paragraph; `highlights` are the spans of its `text` that answer, `also_in` its copies elsewhere.

    With `explain` it has its scores, and the words that it has in common with the question, if there are any.
    """

    rank: int
    passage_id: str
    text: str
    confidence: float
    highlights: tuple[Span, ...]
    citation: Citation
    also_in: tuple[Citation, ...]
    scores: Scores | None = None
    shared_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """What an index holds and which model made it; indexes with equal contents have equal generations."""

    generation: str
    documents: int
    passages: int
    model: str
    model_sha256: str


Implementation = Literal["exported", "reference"]
"""The implementation of a model: its exported graph in OpenVINO, or sentence-transformers on PyTorch."""

Status = Literal["answered", "no_answer"]
NoAnswerReason = Literal["below_threshold", "filters_matched_nothing", "index_empty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a question was understood, if it is more than plain text that is ranked as usual.

    `text` is what was searched for: the question without its operators. Paragraphs must hold every one of `phrases`
    and none of `excluded`, as they are written in the question. `newest` is the date from which ages are counted if
    the newest are preferred. `notes` say what was not taken as an operator, and why. `set_aside` has the parts of the
    question that are none of what it asks, such as a greeting, each as it is written.
    """

    text: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    prefer: Preference | None = None
    half_life_days: float | None = None
    newest: date | None = None
    notes: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The reply to one question; `answer` is `None` unless `status` is "answered".

    `effort` is the one that it was answered with. `follow_up` is there if the question had a context.
    """

    question: str
    status: Status
    no_answer_reason: NoAnswerReason | None
    confidence: float
    threshold: float
    answer: AnswerText | None
    passages: tuple[Passage, ...]
    index: IndexInfo
    effort: Effort = "fast"
    took_ms: float
    warnings: tuple[str, ...] = ()
    explanation: Explanation | None = None
    follow_up: FollowUp | None = None

    def as_context(self) -> Context:
        """Return the context for the next question after this answer."""
        return Context(
            question=self.question if self.follow_up is None else self.follow_up.text,
            document_id=() if self.answer is None else (self.answer.citation.document_id,),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """A document's source, paragraphs, headings and pages if any, all of one state."""

    source: Source
    paragraphs: tuple[Paragraph, ...]
    headings: tuple[Heading, ...]
    pages: tuple[ExtractedPage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionStatus:
    """The counts of the stored collection, and the lag of the state that questions are answered from.

    `revisions_behind` is a number of changes; `seconds_behind` counts from the last change before the lag was first
    noticed. Both are 0 once a question has been answered after the last change.
    """

    documents: int
    passages: int
    revisions_behind: int
    seconds_behind: float


Precondition = Callable[[str | None], None]
"""A check of the etag of a stored document (`None` if there is none) before a change; raises PreconditionFailed."""

"""Citations in requests."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, TypeAdapter
from pydantic.config import JsonDict

from wherefrom.index.answering.quotations import QuotedPlace
from wherefrom.index.collection.audits import Claim
from wherefrom.index.types import PageCitation, Span
from wherefrom.service.quotations.files import QuotationFormat
from wherefrom.service.schemas.articles import REF
from wherefrom.service.schemas.fields import Encodable, JsonNumber, StrictModel, without_nulls

MAX_SEGMENTS = 1_000
MAX_NOTE_CHARACTERS = 10_000
EXAMPLE: JsonDict = {
    "document_id": "002_8dddc422d49da77a.txt",
    "cited_text": "China and Russia are worried the system's powerful X-band radar",
    "source_sha256": "c4acf4ddf31e62ae7595d9c1030bcccd948f2121c2f78533faad50dc6caaee02",
    "segments": [{"start": 3207, "end": 3270}],
}


EXTRACTED_FIELDS = ("extractor", "text_sha256", "page", "boxes", "further_pages")
"""Fields that only citations of extracted texts have, those whose source is not text itself."""


def extraction_properties() -> dict[str, Any]:
    """Return the JSON Schemas of the fields of EXTRACTED_FIELDS, for the schema of a citation."""
    schema = TypeAdapter(PageCitation).json_schema(ref_template=REF + "{model}")
    return {name: schema["properties"][name] for name in EXTRACTED_FIELDS}


def extraction_schemas() -> dict[str, Any]:
    """Return the schemas that `extraction_properties` refer to, by name."""
    definitions = TypeAdapter(PageCitation).json_schema(ref_template=REF + "{model}")["$defs"]
    return {name: definitions[name] for name in ("ExtractorVersion", "PageBoxes")}


class SegmentBody(StrictModel):
    """The characters from `start` up to, not including, `end`."""

    start: Annotated[int, Field(ge=0), JsonNumber]
    end: Annotated[int, Field(ge=0), JsonNumber]


class CitationBody(BaseModel):
    """A citation as it was served; fields that are not needed to check it are ignored."""

    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra={"examples": [EXAMPLE]})

    document_id: Annotated[str, Encodable]
    cited_text: str
    source_sha256: str
    text_sha256: str | None = None
    segments: Annotated[tuple[SegmentBody, ...], Field(max_length=MAX_SEGMENTS)]

    def claim(self) -> Claim:
        """Return the part that can be checked."""
        spans = tuple(Span(start=segment.start, end=segment.end) for segment in self.segments)
        return Claim(
            document_id=self.document_id,
            cited_text=self.cited_text,
            source_sha256=self.source_sha256,
            segments=spans,
            text_sha256=self.text_sha256,
        )


class QuotationBody(BaseModel):
    """A citation as it was served, with a note; fields that are not needed to look its text up are ignored."""

    model_config = ConfigDict(extra="allow", frozen=True)

    document_id: Annotated[str, Encodable]
    source_sha256: str
    text_sha256: str | None = None
    segments: Annotated[tuple[SegmentBody, ...], Field(max_length=MAX_SEGMENTS)]
    cited_text: Annotated[
        str | None, Field(description="The text that must stand at the segments; it is looked up there in any case.")
    ] = None
    note: Annotated[
        Annotated[str, Encodable, Field(max_length=MAX_NOTE_CHARACTERS)] | None, Field(description="Written below it.")
    ] = None

    def place(self) -> QuotedPlace:
        """Return the library's own type."""
        return QuotedPlace(
            document_id=self.document_id,
            source_sha256=self.source_sha256,
            segments=tuple(Span(start=segment.start, end=segment.end) for segment in self.segments),
            text_sha256=self.text_sha256,
            cited_text=self.cited_text,
        )


class ExportBody(StrictModel):
    """Quotations for a file, in order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"format": "markdown", "quotations": [{**EXAMPLE, "note": "The reason they give."}]}]
        }
    )

    format: Annotated[QuotationFormat, Field(description="The form of the file.")]
    quotations: Annotated[
        tuple[QuotationBody, ...], Field(min_length=1, description="What is quoted, in the order of the file.")
    ]


class OneCitationBody(StrictModel):
    """One citation, wrapped in an object."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"citation": EXAMPLE}]})

    citation: CitationBody


class ManyCitationsBody(StrictModel):
    """Several citations."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"citations": [EXAMPLE]}]})

    citations: Annotated[tuple[CitationBody, ...], Field(min_length=1)]


def _form_tag(given: object) -> str:
    """Return the tag of the body's form; its angle brackets keep it out of the field names in problems."""
    if isinstance(given, dict):
        return "<many>" if "citations" in given else "<one>" if "citation" in given else "<bare>"
    return "<bare>"


_OneForm = Annotated[
    Annotated[CitationBody, Tag("<bare>")]
    | Annotated[OneCitationBody, Tag("<one>")]
    | Annotated[ManyCitationsBody, Tag("<many>")],
    Discriminator(_form_tag),
]
VerifyBody = Annotated[_OneForm, BeforeValidator(without_nulls)]

"""The route that checks citations, so that nobody has to trust us."""

from typing import Annotated

from fastapi import Body, Request, Response
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic.config import JsonDict

from index.types import Claim, Span, Verdict
from service.async_library import OpenedLibrary
from service.fields import Closed, JsonNumber
from service.problems import declared
from service.requests import check_batch
from service.responses import VerdictList, json_response
from service.routers import new_router
from service.wire import as_json

MOST_SEGMENTS = 1_000
EXAMPLE: JsonDict = {
    "document_id": "002_8dddc422d49da77a.txt",
    "cited_text": "China and Russia are worried the system's powerful X-band radar",
    "source_sha256": "c4acf4ddf31e62ae7595d9c1030bcccd948f2121c2f78533faad50dc6caaee02",
    "segments": [{"start": 3207, "end": 3270}],
}
router = new_router(prefix="/v1/citations", tags=["citations"])


class SegmentBody(Closed):
    """The characters from `start` up to, not including, `end`."""

    start: Annotated[int, Field(ge=0), JsonNumber]
    end: Annotated[int, Field(ge=0), JsonNumber]


class CitationBody(BaseModel):
    """A citation as it was served; what is not needed to check it is let through unread."""

    model_config = ConfigDict(extra="allow", frozen=True, json_schema_extra={"examples": [EXAMPLE]})

    document_id: str
    cited_text: str
    source_sha256: str
    segments: Annotated[tuple[SegmentBody, ...], Field(max_length=MOST_SEGMENTS)]

    def claim(self) -> Claim:
        """Give the checkable part."""
        spans = tuple(Span(start=each.start, end=each.end) for each in self.segments)
        return Claim(
            document_id=self.document_id,
            cited_text=self.cited_text,
            source_sha256=self.source_sha256,
            segments=spans,
        )


class OneCitationBody(Closed):
    """A citation in an envelope."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"citation": EXAMPLE}]})

    citation: CitationBody


class ManyCitationsBody(Closed):
    """Several citations."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"citations": [EXAMPLE]}]})

    citations: Annotated[tuple[CitationBody, ...], Field(min_length=1)]


def _shape(given: object) -> str:
    """Tell the three forms apart; the tags' brackets keep them out of the names of wrong fields."""
    if isinstance(given, dict):
        return "<many>" if "citations" in given else "<one>" if "citation" in given else "<bare>"
    return "<bare>"


VerifyBody = Annotated[
    Annotated[CitationBody, Tag("<bare>")]
    | Annotated[OneCitationBody, Tag("<one>")]
    | Annotated[ManyCitationsBody, Tag("<many>")],
    Discriminator(_shape),
]


@router.post("/verify", response_model=Verdict | VerdictList, responses=declared(400, 413, 415, 422))
async def verify(body: Annotated[VerifyBody, Body()], request: Request, library: OpenedLibrary) -> Response:
    """Check that each citation's text stands at its segments in the source as it is held here.

    The body is a citation as it was served, or `{"citation": {...}}`, or `{"citations": [...]}`.
    """
    if isinstance(body, ManyCitationsBody):
        check_batch(request, "citations", len(body.citations))
        claims = [each.claim() for each in body.citations]
        verdicts = await library.run(lambda opened: [opened.check(claim) for claim in claims])
        return json_response({"results": as_json(verdicts)})
    claim = (body.citation if isinstance(body, OneCitationBody) else body).claim()
    return json_response(as_json(await library.run(lambda opened: opened.check(claim))))

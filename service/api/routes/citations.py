"""Routes that check citations and export quotations as a file."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from wherefrom.index.collection.audits import Verdict
from wherefrom.index.errors import DocumentNotFound, InvalidQuestion, QuotationRefused
from wherefrom.index.library import Library
from wherefrom.service.api.dependencies import OpenedLibrary, check_batch_size
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.errors import QuotationsRefused
from wherefrom.service.quotations.files import FORMS
from wherefrom.service.quotations.kept import KeptQuotation
from wherefrom.service.schemas.citations import (
    ExportBody,
    ManyCitationsBody,
    OneCitationBody,
    QuotationBody,
    VerifyBody,
)
from wherefrom.service.schemas.responses import VerdictList
from wherefrom.service.schemas.serialization import as_json

MAX_EXPORTED_CHARACTERS = 1_000_000
"""Maximum number of characters of all quotations in one file; a quotation may be a whole document."""
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {
            form.media_type.partition(";")[0]: {
                "schema": {"type": "string", **({} if form.media_type.startswith("text/") else {"format": "binary"})}
            }
            for form in FORMS.values()
        },
    }
}
router = APIRouter(prefix="/v1/citations", tags=["citations"], route_class=StrictRoute)


@router.post("/verify", response_model=Verdict | VerdictList, responses=problem_responses(400, 413, 415, 422))
async def verify(body: Annotated[VerifyBody, Body()], request: Request, library: OpenedLibrary) -> Response:
    """Check that the text of each citation stands at its segments in the stored source.

    The body is a citation as it was served, or `{"citation": {...}}`, or `{"citations": [...]}`.
    """
    if isinstance(body, ManyCitationsBody):
        check_batch_size(request, "citations", len(body.citations))
        claims = [citation.claim() for citation in body.citations]
        verdicts = await library.run(lambda opened: [opened.check(claim) for claim in claims])
        return json_response({"results": as_json(verdicts)})
    claim = (body.citation if isinstance(body, OneCitationBody) else body).claim()
    return json_response(as_json(await library.run(lambda opened: opened.check(claim))))


@router.post("/export", response_class=Response, responses={**FILES, **problem_responses(400, 413, 415, 422)})
async def export_quotations(body: ExportBody, request: Request, library: OpenedLibrary) -> Response:
    """Write quotations with full citations to a file: Markdown, Word or CSV.

    Each text is looked up at its segments in the stored source. If one does not stand there any more, no file is
    written, and the problem names each such quotation.
    """
    check_batch_size(request, "quotations", len(body.quotations))
    form = FORMS[body.format]
    content = await library.run(lambda opened: form.write(_proved(opened, body.quotations)))
    headers = {"Content-Type": form.media_type, "Content-Disposition": f'attachment; filename="{form.file_name}"'}
    return Response(content, headers=headers)


def _proved(library: Library, quotations: Sequence[QuotationBody]) -> Sequence[KeptQuotation]:
    """Look the quotations up. Raise QuotationsRefused, InvalidQuestion."""
    kept: list[KeptQuotation] = []
    reasons: dict[int, str] = {}
    characters = 0
    for position, each in enumerate(quotations):
        try:
            quotation = library.quote(each.place())
        except (DocumentNotFound, QuotationRefused) as error:
            reasons[position] = str(error)
            continue
        characters += len(quotation.text)
        if characters > MAX_EXPORTED_CHARACTERS:
            limit = f"{MAX_EXPORTED_CHARACTERS:,}"
            raise InvalidQuestion("quotations", f"must have at most {limit} characters together")
        kept.append(KeptQuotation(quotation=quotation, note=each.note or ""))
    if reasons:
        raise QuotationsRefused(reasons)
    return kept

"""The search of OpenAI's vector stores, for applications that are written for it."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from wherefrom.service.api.dependencies import OpenedLibrary, check_batch_size
from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.schemas.serialization import as_json
from wherefrom.service.schemas.vector_store_search import SearchResultPage, VectorStoreSearchBody

router = APIRouter(prefix="/v1/vector_stores", tags=["compatible"], route_class=StrictRoute)


@router.post("/{vector_store_id}/search", response_model=SearchResultPage, responses=problem_responses())
async def search_vector_store(
    vector_store_id: Annotated[str, Path(description="Any id: the service has one collection.")],  # noqa: ARG001
    body: VectorStoreSearchBody,
    request: Request,
    library: OpenedLibrary,
) -> Response:
    """Search in the form of OpenAI. Its errors have OpenAI's `error` besides our fields."""
    check_batch_size(request, "query", len(body.query))
    answers = await library.ask_all(body.query, body.options())
    return json_response(as_json(SearchResultPage.of(body, [answer.passages for answer in answers])))

"""The route that suggests questions."""

from fastapi import APIRouter, Request, Response

from wherefrom.service.api.known_parameters import StrictRoute
from wherefrom.service.api.responses import json_response, problem_responses
from wherefrom.service.schemas.responses import SuggestionList
from wherefrom.service.schemas.serialization import as_json

router = APIRouter(prefix="/v1", tags=["questions"], route_class=StrictRoute)


@router.get("/suggestions", response_model=SuggestionList, responses=problem_responses())
async def suggest_questions(request: Request) -> Response:
    """Suggest questions that the collection answers, formed of its own titles, names and numbers.

    Each has been answered from the document that it names. There may be fewer than six, or none.
    """
    return json_response({"questions": as_json(await request.app.state.suggestions.get())})

"""Members of an error that clients of other APIs expect; problems on the routes for these clients have them too."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from wherefrom.service.errors import UNKNOWN_KEY
from wherefrom.service.schemas.problem import TYPE_PREFIX, Problem

RETRIEVAL_PATH = "/retrieval"
VECTOR_STORES_PATH = "/v1/vector_stores/"
CHAT_COMPLETIONS_PATH = "/v1/chat/completions"
MODELS_PATH = "/v1/models"
MALFORMED_AUTHORIZATION = 1001
AUTHORIZATION_FAILED = 1002
RETRIEVAL_MEMBERS: Mapping[str, Any] = {
    "error_code": {
        "type": "integer",
        "title": "Error Code",
        "description": "1001: no key was sent; 1002: the key was refused; otherwise the status.",
    },
    "error_msg": {"type": "string", "title": "Error Msg"},
}
SEARCH_MEMBERS: Mapping[str, Any] = {"error": {"$ref": "#/components/schemas/SearchError"}}
SEARCH_ERROR: Mapping[str, Any] = {
    "title": "SearchError",
    "description": "The error in the shape of OpenAI's API.",
    "type": "object",
    "properties": {
        "message": {"type": "string", "title": "Message"},
        "type": {"type": "string", "title": "Type"},
        "param": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Param"},
        "code": {"type": "string", "title": "Code"},
    },
    "required": ["message", "type", "param", "code"],
}
ERROR_SCHEMAS = {
    "retrieve": "RetrievalProblem",
    "search_vector_store": "SearchProblem",
    "complete_chat": "SearchProblem",
    "list_models": "SearchProblem",
}
"""The schema of the problems of an operation, by its name, if it is not `Problem`."""


def error_members(problem: Problem) -> Mapping[str, object]:
    """Return the additional members of a problem by the path at which it occurred."""
    return next((members(problem) for is_at, members in MEMBERS if is_at(problem.instance)), {})


def error_schemas(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schemas of problems with these members, derived from the schema of a problem."""
    return {
        "RetrievalProblem": _extended("RetrievalProblem", problem, RETRIEVAL_MEMBERS),
        "SearchProblem": _extended("SearchProblem", problem, SEARCH_MEMBERS),
        "SearchError": dict(SEARCH_ERROR),
    }


def _extended(title: str, problem: Mapping[str, Any], members: Mapping[str, Any]) -> dict[str, Any]:
    schema = deepcopy(dict(problem)) | {"title": title}
    schema["properties"].update(members)
    schema["required"] = [*schema["required"], *members]
    return schema


def _retrieval_members(problem: Problem) -> Mapping[str, object]:
    return {"error_code": _retrieval_code(problem), "error_msg": problem.detail}


def _retrieval_code(problem: Problem) -> int:
    if problem.status == HTTPStatus.FORBIDDEN or problem.detail == UNKNOWN_KEY:
        return AUTHORIZATION_FAILED
    return MALFORMED_AUTHORIZATION if problem.status == HTTPStatus.UNAUTHORIZED else problem.status


def _search_members(problem: Problem) -> Mapping[str, object]:
    is_ours = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    error = {
        "message": problem.detail,
        "type": "server_error" if is_ours else "invalid_request_error",
        "param": problem.field,
        "code": problem.type.removeprefix(TYPE_PREFIX).replace("-", "_"),
    }
    return {"error": error}


# A proxy may have put the service under a path, which then begins the path of the request.
MEMBERS: tuple[tuple[Callable[[str], bool], Callable[[Problem], Mapping[str, object]]], ...] = (
    (lambda path: path.endswith(RETRIEVAL_PATH), _retrieval_members),
    (lambda path: VECTOR_STORES_PATH in path, _search_members),
    (lambda path: path.endswith((CHAT_COMPLETIONS_PATH, MODELS_PATH)), _search_members),
)

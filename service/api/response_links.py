"""OpenAPI links: from the document, citation or page in a response to the operations that take it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An operation that takes values of a response; `parameters` and `body` are OpenAPI's runtime expressions."""

    operation: str
    description: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None

    def described(self) -> dict[str, Any]:
        """Return the Link Object of the OpenAPI description."""
        parameters = {"parameters": dict(self.parameters)} if self.parameters else {}
        body = {"requestBody": self.body} if self.body else {}
        return {"operationId": self.operation, **parameters, **body, "description": self.description}


DOCUMENT_OPERATIONS = {
    "show_document": "The document with its paragraphs.",
    "send_raw": "Its source.",
    "send_text": "The text of its source, in which offsets count.",
    "show_reading": "How its source was read.",
}


def _document(expression: str, *, removed: bool = False) -> dict[str, Link]:
    """Return links to the operations on the document whose id is at `expression`."""
    operations = DOCUMENT_OPERATIONS | ({"delete_document": "Remove it."} if removed else {})
    return {
        operation: Link(operation=operation, description=text, parameters={"document_id": expression})
        for operation, text in operations.items()
    }


def _citation(expression: str) -> dict[str, Link]:
    """Return links to the operations on the citation at `expression`."""
    verify = Link(operation="verify", description="Whether the citation holds.", body=expression)
    return {"verify": verify, **_document(f"{expression}/document_id")}


LINKS: Mapping[str, Mapping[str, Link]] = {
    "ask_by_url": _citation("$response.body#/passages/0/citation"),
    "ask": _citation("$response.body#/passages/0/citation"),
    "write_answer": _citation("$response.body#/passages/0/citation"),
    "ask_batch": _citation("$response.body#/answers/0/passages/0/citation"),
    "retrieve": _citation("$response.body#/records/0/metadata"),
    "search_vector_store": _citation("$response.body#/data/0/citation"),
    "list_documents": _document("$response.body#/documents/0/document_id"),
    "show_document": _document("$response.body#/document_id"),
    "correct_document": _document("$response.body#/document/document_id", removed=True),
    "put_document": _document("$response.body#/document/document_id", removed=True),
    "put_batch": _document("$response.body#/results/0/document_id"),
}
"""The links of the successful responses of an operation, by the names of the operations."""

"""A LangChain retriever on the service: `python examples/langchain_retriever.py URL QUESTION`.

Needs `pip install langchain-core`. Each document has its citation as metadata, so that the quotations of a chain can be
checked. A question that the collection does not answer gets no documents.
"""

import sys
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import TypeAdapter

from wherefrom import Client
from wherefrom.index.types import Citation


class WherefromRetriever(BaseRetriever):  # type: ignore[misc, unused-ignore]
    """Retrieves passages from the service at `url`, best first."""

    url: str
    top_k: int = 5

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's name
    ) -> list[Document]:
        with Client(self.url) as wherefrom:
            answer = wherefrom.ask(query, top_k=self.top_k)
        if answer.status == "no_answer":
            return []
        return [
            Document(
                id=passage.passage_id,
                page_content=passage.text,
                metadata={"confidence": passage.confidence, "citation": as_json(passage.citation)},
            )
            for passage in answer.passages
        ]


def as_json(citation: Citation) -> dict[str, Any]:
    """Return a citation as JSON values, which metadata require."""
    fields: dict[str, Any] = TypeAdapter(type(citation)).dump_python(citation, mode="json")
    return fields


def main(url: str, question: str) -> None:
    """Retrieve, and print each document with its source."""
    documents = WherefromRetriever(url=url, top_k=3).invoke(question)
    for document in documents:
        print(f"{document.page_content}\n  {document.metadata['citation']['formatted']}")
    if not documents:
        print("no answer")


main(*sys.argv[1:])

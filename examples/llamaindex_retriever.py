"""A LlamaIndex retriever on the service: `python examples/llamaindex_retriever.py URL QUESTION`.

Needs `pip install llama-index-core`. Each node has its citation as metadata, which is excluded from prompts and
embeddings. A question that the collection does not answer gets no nodes.
"""

import sys
from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import TypeAdapter

from wherefrom import Client
from wherefrom.index.types import Citation


class WherefromRetriever(BaseRetriever):  # type: ignore[misc, unused-ignore]
    """Retrieves passages from the service at `url`, best first."""

    def __init__(self, url: str, top_k: int = 5) -> None:
        super().__init__()
        self._url = url
        self._top_k = top_k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with Client(self._url) as wherefrom:
            answer = wherefrom.ask(query_bundle.query_str, top_k=self._top_k)
        if answer.status == "no_answer":
            return []
        return [
            NodeWithScore(
                node=TextNode(
                    id_=passage.passage_id,
                    text=passage.text,
                    metadata={"citation": as_json(passage.citation)},
                    excluded_llm_metadata_keys=["citation"],
                    excluded_embed_metadata_keys=["citation"],
                ),
                score=passage.confidence,
            )
            for passage in answer.passages
        ]


def as_json(citation: Citation) -> dict[str, Any]:
    """Return a citation as JSON values, which metadata require."""
    fields: dict[str, Any] = TypeAdapter(type(citation)).dump_python(citation, mode="json")
    return fields


def main(url: str, question: str) -> None:
    """Retrieve, and print each node with its source."""
    nodes = WherefromRetriever(url, top_k=3).retrieve(question)
    for node in nodes:
        print(f"{node.node.get_content()}\n  {node.node.metadata['citation']['formatted']}")
    if not nodes:
        print("no answer")


main(*sys.argv[1:])

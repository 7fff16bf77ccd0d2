"""The loop of a function-calling agent, without a language model: `python examples/agent_tool.py URL QUESTION`.

`wherefrom tools` prints the tools in the format of function-calling APIs. The arguments of a call are sent to the HTTP
API unchanged. `next_call` replaces the model: it asks, verifies the citation of the answer, and stops.
"""

import json
import subprocess
import sys
from typing import Any

import httpx2

Message = dict[str, Any]

PATHS = {"ask": "/v1/ask", "verify_citation": "/v1/citations/verify"}
"""The route of each tool that takes its arguments as the body of a POST request."""


def call_tool(service: httpx2.Client, name: str, arguments: Message) -> Message:
    """Call a tool through the HTTP API and return its result, or the problem if it was refused."""
    if name == "get_document":
        response = service.get(f"/v1/documents/{arguments['document_id']}")
    else:
        response = service.post(PATHS[name], json=arguments)
    result: Message = response.json()
    return result


def next_call(question: str, results: dict[str, Message]) -> tuple[str, Message] | None:
    """Return the next tool to call and its arguments, or `None` if there is nothing left to do."""
    if "ask" not in results:
        return "ask", {"question": question, "top_k": 3}
    if results["ask"].get("answer") and "verify_citation" not in results:
        return "verify_citation", results["ask"]["answer"]["citation"]
    return None


def main(url: str, question: str) -> None:
    """Call tools until `next_call` returns `None`, then print the answer with its source."""
    tools = json.loads(subprocess.check_output(["wherefrom", "tools"]))
    names = [tool["function"]["name"] for tool in tools]
    print(f"tools: {', '.join(names)}")
    results: dict[str, Message] = {}
    with httpx2.Client(base_url=url) as service:
        while call := next_call(question, results):
            name, arguments = call
            print(f"calling {name}")
            results[name] = call_tool(service, name, arguments)
    answer = results["ask"].get("answer")
    if answer is None:
        print("no answer")
    else:
        print(f"{answer['text']}\n{answer['citation']['formatted']}")
        print(f"citation valid: {results['verify_citation']['valid']}")


main(*sys.argv[1:])

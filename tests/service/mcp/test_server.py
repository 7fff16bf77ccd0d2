import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

from tests.support.library_samples import FIRST, QUESTION, seeds_library
from tests.support.paths import ROOT
from wherefrom.index.cleaning.extract import extract
from wherefrom.index.library import Library
from wherefrom.index.types import RawSource
from wherefrom.service.api.app import create_app
from wherefrom.service.errors import AgentsUnavailable
from wherefrom.service.mcp import server
from wherefrom.service.mcp.tools import BY_NAME
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.settings import Settings

STDIO = """
import sys
from pathlib import Path
from tests.support.library_samples import seeds_library
from wherefrom.service import bootstrap
from wherefrom.service.cli.main import main

bootstrap.open_existing = lambda settings: seeds_library(Path(sys.argv[1]))
main(["mcp"])
"""
MODEL_STDIO = """
import sys
from wherefrom.service.cli.main import main

main(["mcp", "--data", sys.argv[1]])
"""


async def session(client: Client) -> None:
    """Act as an agent: list the tools, ask, read, check a citation, and send an invalid question."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(tools) == set(BY_NAME)
    assert all(tool.output_schema and tool.input_schema["type"] == "object" for tool in tools.values())
    asked = await client.call_tool("ask", {"question": QUESTION, "top_k": 1})
    answer = asked.structured_content
    assert json.loads(asked.content[0].text) == answer  # type: ignore[union-attr]
    citation = answer["passages"][0]["citation"]
    assert citation["segments"][0].keys() == {"start", "end"}
    checked = await client.call_tool("verify_citation", citation)
    assert checked.structured_content == {"valid": True, "reason": None, "found": citation["cited_text"]}
    document = await client.call_tool("get_document", {"document_id": FIRST})
    assert len(document.structured_content["paragraphs"]) == 16
    refused = await client.call_tool("ask", {"question": ""})
    assert refused.is_error
    assert refused.content[0].text.startswith("question: ")  # type: ignore[union-attr]
    await walk(client)


async def walk(client: Client) -> None:
    """List publishers and documents page by page, filter by a listed value, read on, verify, and read resources."""
    publishers = (await client.call_tool("list_publishers", {})).structured_content
    names = [each["publisher"] for each in publishers["publishers"]]
    filtered = await client.call_tool("ask", {"question": QUESTION, "filters": {"publisher": names}})
    assert not filtered.is_error
    ids: list[str] = []
    arguments: dict[str, object] = {"limit": 2}
    while True:
        page = (await client.call_tool("list_documents", arguments)).structured_content
        ids += [each["document_id"] for each in page["documents"]]
        if page["cursor"] is None:
            break
        arguments["cursor"] = page["cursor"]
    assert len(ids) == len(set(ids)) == page["total"]
    part = (
        await client.call_tool("read_paragraphs", {"document_id": FIRST, "first": 13, "limit": 1})
    ).structured_content
    shown = part["paragraphs"][0]
    claim = {name: part[name] for name in ("document_id", "source_sha256")}
    claim |= {"cited_text": shown["text"], "segments": shown["segments"]}
    assert (await client.call_tool("verify_citation", claim)).structured_content["valid"]
    verdicts = (await client.call_tool("verify_documents", {"document_ids": [FIRST]})).structured_content
    assert verdicts["results"][0]["valid"], verdicts
    listed = await client.list_resources()
    (resource,) = [each for each in listed.resources if each.name == FIRST]
    text = (await client.read_resource(str(resource.uri))).contents[0].text  # type: ignore[union-attr]
    assert f"[13] {shown['text']}" in text
    templates = (await client.list_resource_templates()).resource_templates
    uri = templates[1].uri_template.format(document_id=FIRST, number=13)
    citation = json.loads((await client.read_resource(uri)).contents[0].text)  # type: ignore[union-attr]
    assert citation["cited_text"] == shown["text"]
    with pytest.raises(MCPError, match="no document has the id 'none'; list_documents gives the ids"):
        await client.read_resource("wherefrom://documents/none")


def test_an_agent_in_the_same_process_has_the_tools(tmp_path: Path) -> None:
    async def run() -> None:
        async with Client(server.mcp_server(AsyncLibrary(library, threads=2))) as client:
            await session(client)

    with seeds_library(tmp_path) as library:
        asyncio.run(run())


def test_an_agent_on_standard_input_and_output_has_the_tools(tmp_path: Path) -> None:
    async def run() -> None:
        command = StdioServerParameters(command=sys.executable, args=["-c", STDIO, str(tmp_path)], cwd=ROOT)
        async with Client(command) as client:
            await session(client)

    asyncio.run(run())


def started(script: str, data: Path) -> subprocess.Popen[bytes]:
    """Start a server of agents, and return it when it has answered the first message."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(data)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    send(process, {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client})
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["result"]["serverInfo"]["name"] == "wherefrom"
    send(process, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    return process


def send(process: subprocess.Popen[bytes], message: dict[str, object]) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()


def test_the_server_of_an_agent_that_leaves_before_its_answer_ends_without_an_error(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.put("tram", extract(RawSource(name="tram.txt", raw=b"The council voted for the new tram line.")))
    process = started(MODEL_STDIO, tmp_path)
    for number in range(2, 6):
        call = {"name": "ask", "arguments": {"question": "Who voted for the tram?", "effort": "careful"}}
        send(process, {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": call})
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_the_server_of_an_agent_that_reads_no_answers_ends_without_an_error(tmp_path: Path) -> None:
    process = started(STDIO, tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    send(process, {"jsonrpc": "2.0", "id": 2, "method": "tools/list"})
    process.communicate(timeout=60)
    assert process.returncode == 0


@contextmanager
def interrupts(action: signal.Handlers) -> Iterator[None]:
    """Set what an interrupt does, which new processes inherit, whatever these tests were started with."""
    before = signal.signal(signal.SIGINT, action)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_server_of_an_agent_ends_when_it_is_interrupted(tmp_path: Path) -> None:
    with interrupts(signal.SIG_DFL):
        process = started(STDIO, tmp_path)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT


def test_the_server_of_an_agent_that_ignores_interrupts_ignores_them_too(tmp_path: Path) -> None:
    with interrupts(signal.SIG_IGN):
        process = started(STDIO, tmp_path)
    process.send_signal(signal.SIGINT)
    send(process, {"jsonrpc": "2.0", "id": 2, "method": "ping"})
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["id"] == 2
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_an_agent_on_the_network_has_the_tools(service: str) -> None:
    async def run() -> None:
        async with Client(f"{service}/mcp") as client:
            await session(client)

    asyncio.run(run())


def test_the_protocol_is_not_imported_at_start_up() -> None:
    script = "import sys, wherefrom.service.api.app; sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


def test_the_service_shuts_down_with_and_without_agents(tmp_path: Path) -> None:
    for requests in (0, 2):
        with TestClient(create_app(Settings(), lambda: seeds_library(tmp_path))) as client:
            for _ in range(requests):
                body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
                response = client.post("/mcp", json=body, headers={"accept": "application/json"})
                assert response.headers["content-type"] == "application/json"


def test_without_its_package_the_protocol_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "find_spec", lambda _: None)
    with pytest.raises(AgentsUnavailable, match=r"pip install 'wherefrom\[mcp\]'"):
        server.check_installed()
    with TestClient(create_app(Settings(), lambda: seeds_library(tmp_path))) as client:
        response = client.post("/mcp", json={})
    assert (response.status_code, response.json()["title"]) == (501, "Agents unavailable")

import builtins
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.support.clients import empty_client
from wherefrom.service.api import app
from wherefrom.service.observability.logs import RequestIdFilter
from wherefrom.service.observability.tracing import OFF, telemetry
from wherefrom.service.runtime.async_library import AsyncLibrary
from wherefrom.service.settings import InvalidSetting, Settings

TRACED = Settings(traces=True)
PARENT = "0af7651916cd43dd8448eb211c80319c"


def test_nothing_is_traced_by_default() -> None:
    assert telemetry(Settings()) is OFF


def test_a_request_joins_the_trace_of_its_client_without_its_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = InMemorySpanExporter()
    config = telemetry(TRACED, kept)
    monkeypatch.setattr(app, "telemetry", lambda _: config)
    client: TestClient
    with empty_client(tmp_path, TRACED) as client:
        client.get(
            "/v1/ask", params={"q": "a private matter"}, headers={"traceparent": f"00-{PARENT}-b7ad6b7169203331-01"}
        )
        client.get("/v1/documents/none")
    provider = config["tracer_provider"]
    assert isinstance(provider, TracerProvider)
    provider.shutdown()
    asked, missing = (span for span in kept.get_finished_spans() if span.kind.name == "SERVER")
    assert (asked.name, missing.name) == ("GET /v1/ask", "GET /v1/documents/{document_id}")
    assert asked.context is not None
    assert f"{asked.context.trace_id:032x}" == PARENT
    assert asked.resource.attributes["service.name"] == "wherefrom"
    assert asked.attributes is not None
    assert asked.attributes["url.query"] == "REDACTED"
    assert not any("private" in span.to_json() for span in kept.get_finished_spans())


def traced_client(data: Path, monkeypatch: pytest.MonkeyPatch, *, access_log: bool) -> TestClient:
    config = telemetry(TRACED, InMemorySpanExporter())
    monkeypatch.setattr(app, "telemetry", lambda _: config)
    return empty_client(data, Settings(traces=True, access_log=access_log))


def test_the_request_log_names_the_trace_of_each_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "wherefrom.requests")
    with traced_client(tmp_path, monkeypatch, access_log=True) as client:
        client.get("/v1/index", headers={"traceparent": f"00-{PARENT}-b7ad6b7169203331-01"})
        client.put("/v1/documents/a", headers={"origin": "https://evil.example"})
    known, refused = (record for record in caplog.records if record.name == "wherefrom.requests")
    assert vars(known)["trace_id"] == PARENT
    assert known.getMessage().endswith(f" ms, trace {PARENT}")
    assert re.fullmatch("[0-9a-f]{32}", vars(refused)["trace_id"])
    assert vars(refused)["trace_id"] != PARENT


def test_a_message_during_a_traced_request_gets_the_id_of_its_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.handler.addFilter(RequestIdFilter())
    broken = logging.getLogger("wherefrom.test")
    monkeypatch.setattr(AsyncLibrary, "ask", lambda *_: broken.warning("It broke"))
    with traced_client(tmp_path, monkeypatch, access_log=False) as client:
        with pytest.raises(TypeError):
            client.get("/v1/ask?q=x", headers={"traceparent": f"00-{PARENT}-b7ad6b7169203331-01"})
        broken.warning("It broke outside of a request")
    inside, outside = (record for record in caplog.records if record.name == "wherefrom.test")
    assert vars(inside)["trace_id"] == PARENT
    assert "trace_id" not in vars(outside)


def test_traces_without_the_extra_are_refused_by_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:  # noqa: ANN401
        if name.startswith("opentelemetry.exporter"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InvalidSetting, match=r"WHEREFROM_TRACES.*install wherefrom\[otel\]"):
        telemetry(TRACED)

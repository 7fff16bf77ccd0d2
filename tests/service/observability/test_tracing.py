import builtins
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.support.clients import empty_client
from wherefrom.service.api import app
from wherefrom.service.observability.tracing import OFF, telemetry
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


def test_traces_without_the_extra_are_refused_by_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:  # noqa: ANN401
        if name.startswith("opentelemetry.exporter"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InvalidSetting, match=r"WHEREFROM_TRACES.*install wherefrom\[otel\]"):
        telemetry(TRACED)

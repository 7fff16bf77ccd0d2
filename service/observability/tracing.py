"""Traces for an OpenTelemetry collector, where they are asked for and `wherefrom[otel]` is installed.

FastAPI makes the spans itself; the standard `OTEL_...` variables say where they go and what the service is called.
"""

from typing import TYPE_CHECKING

from fastapi.telemetry import TelemetryConfig

from wherefrom.service.settings import InvalidSetting, Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

OFF = TelemetryConfig(tracing=False, metrics=False, logs=False)
QUERY = "url.query"


def telemetry(settings: Settings, exporter: "SpanExporter | None" = None) -> TelemetryConfig:
    """Configure FastAPI's own spans; what was asked is left out of them. Raise InvalidSetting without the extra."""
    if not settings.traces:
        return OFF
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        raise InvalidSetting("traces", "OpenTelemetry is not installed; install wherefrom[otel]") from None

    class Discreet(SpanProcessor):
        """Takes questions in URLs out of spans."""

        def on_start(self, span: Span, parent_context: object = None) -> None:  # noqa: ARG002
            if span.attributes and QUERY in span.attributes:
                span.set_attribute(QUERY, "REDACTED")

    named = Resource({SERVICE_NAME: "wherefrom"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=named)
    provider.add_span_processor(Discreet())
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    return TelemetryConfig(tracer_provider=provider, tracing=True, metrics=False, logs=False)

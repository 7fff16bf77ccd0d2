"""Traces for an OpenTelemetry collector, if enabled and if `wherefrom[otel]` is installed.

FastAPI creates the spans; the standard `OTEL_...` variables set the collector and the name of the service.
"""

from typing import TYPE_CHECKING

from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace

from wherefrom.service.settings import InvalidSetting, Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

OFF = TelemetryConfig(tracing=False, metrics=False, logs=False)
QUERY_ATTRIBUTE = "url.query"


def current_trace_id() -> str | None:
    """Return the trace that the current request belongs to, as 32 hexadecimal digits; `None` if it is not traced."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def telemetry(settings: Settings, exporter: "SpanExporter | None" = None) -> TelemetryConfig:
    """Return FastAPI's telemetry configuration, with questions redacted. Raise InvalidSetting without the extra."""
    if not settings.traces:
        return OFF
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        raise InvalidSetting("traces", "OpenTelemetry is not installed; install wherefrom[otel]") from None

    class RedactQueries(SpanProcessor):
        """Removes questions in URLs from spans."""

        def on_start(self, span: Span, parent_context: object = None) -> None:  # noqa: ARG002
            if span.attributes and QUERY_ATTRIBUTE in span.attributes:
                span.set_attribute(QUERY_ATTRIBUTE, "REDACTED")

    resource = Resource({SERVICE_NAME: "wherefrom"}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(RedactQueries())
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    return TelemetryConfig(tracer_provider=provider, tracing=True, metrics=False, logs=False)

"""Imports OpenVINO with its telemetry disabled and its caches bounded.

OpenVINO imports `openvino_telemetry` where that is installed. For each shape of input it keeps compiled primitives, up
to 5,000 a model, and oneDNN below it up to 1,024: a service that encodes texts of ever new lengths grows by hundreds of
megabytes.
"""
# ruff: noqa: E402 - the order is the point

import os
import sys

MAX_CACHED_PRIMITIVES = 300
CACHE_SETTINGS = {"CPU_RUNTIME_CACHE_CAPACITY": MAX_CACHED_PRIMITIVES}
"""What every model is compiled with beside its own settings."""
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(MAX_CACHED_PRIMITIVES))

import openvino

__all__ = ["CACHE_SETTINGS", "openvino"]

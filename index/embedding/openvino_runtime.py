"""Imports OpenVINO with its telemetry disabled and its caches bounded.

OpenVINO imports `openvino_telemetry` if that is installed. It caches compiled primitives for each input shape, up to
5,000 per model, and oneDNN below it up to 1,024: the memory of a service that encodes texts of many lengths grows by
hundreds of megabytes.
"""
# ruff: noqa: E402 - the order is the point

import os
import sys

MAX_CACHED_PRIMITIVES = 300
CACHE_SETTINGS = {"CPU_RUNTIME_CACHE_CAPACITY": MAX_CACHED_PRIMITIVES}
"""The settings that every model is compiled with, in addition to its own."""
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(MAX_CACHED_PRIMITIVES))

import openvino

__all__ = ["CACHE_SETTINGS", "openvino"]

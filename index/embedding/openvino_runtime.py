"""OpenVINO, without the telemetry that it imports where it is installed: nothing here tells anyone of anything."""
# ruff: noqa: E402 - the order is the point

import sys

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino

__all__ = ["openvino"]

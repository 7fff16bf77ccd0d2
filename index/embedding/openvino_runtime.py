"""Imports OpenVINO with its telemetry disabled: OpenVINO imports `openvino_telemetry` where that is installed."""
# ruff: noqa: E402 - the order is the point

import sys

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]

import openvino

__all__ = ["openvino"]

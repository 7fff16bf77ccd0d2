"""ASGI middleware: access control, limits, headers, request log."""

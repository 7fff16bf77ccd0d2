"""ASGI middleware: access control, body limits, request log, security headers."""

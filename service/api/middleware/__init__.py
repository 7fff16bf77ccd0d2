"""ASGI middleware: access control, body limits, HEAD, compression, response headers, request log."""

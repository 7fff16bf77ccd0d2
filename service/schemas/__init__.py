"""Types and JSON forms of requests and responses; nothing here needs a web framework."""

"""Types and JSON forms of requests and responses, independent of any web framework."""

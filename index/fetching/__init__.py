"""Pages of the web as sources: fetched politely, within limits, and from public addresses only."""

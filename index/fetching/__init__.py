"""Web pages as sources: fetched by the rules of robots.txt, within limits, and from public addresses only."""

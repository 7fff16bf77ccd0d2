"""The library as a service: HTTP API, web page, MCP and command line."""

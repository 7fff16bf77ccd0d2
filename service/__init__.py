"""The library behind HTTP, a web page, MCP and a command line."""

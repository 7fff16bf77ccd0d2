"""The library behind HTTP and a command line."""

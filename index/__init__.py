"""The library: raw text in, cited passages out. It knows no web framework and no command line."""

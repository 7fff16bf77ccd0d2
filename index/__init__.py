"""The library: raw text in, cited passages out; no HTTP."""

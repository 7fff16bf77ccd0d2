"""Measures the library that the service serves: questions, figures, floors and BEIR folders."""

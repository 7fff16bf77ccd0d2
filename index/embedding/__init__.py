"""Embeds texts: the embedder protocol, the OpenVINO export, sentence-transformers."""

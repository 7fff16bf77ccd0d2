"""Embeds texts: the protocol, the OpenVINO export, sentence-transformers."""

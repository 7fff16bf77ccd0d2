"""Text to vectors: the protocol, the OpenVINO export, sentence-transformers."""

"""Fits the models of the library: token head, ranking weights, reader, confidence, sentence check and letter groups."""

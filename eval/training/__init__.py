"""Training of the models that ship with the library: the token head, the ranking weights and the confidence model."""

"""Ablations and reliability: what each part is worth."""

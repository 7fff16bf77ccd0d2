"""Floors that figures may not fall below."""

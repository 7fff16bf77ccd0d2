"""Batching, worker threads, readiness."""

"""Servers, proxies and browsers that tests start, and their configuration."""

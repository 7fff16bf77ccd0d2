"""Servers, proxies and browsers that tests start, and what tests tell them."""

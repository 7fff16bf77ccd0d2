"""Containers: files with one or more articles in a specific format, such as mails, feeds and tables."""

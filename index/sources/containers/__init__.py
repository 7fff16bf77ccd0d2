"""Containers: files that hold one or more articles in a form of their own, such as mails, feeds and tables."""

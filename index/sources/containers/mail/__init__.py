"""Mails and saved pages, both in the MIME format."""

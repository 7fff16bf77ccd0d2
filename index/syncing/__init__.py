"""Keeping an index in step with files: what is gone, renamed or unchanged since it was indexed."""

"""Written answers: sentences that follow from the passages that they cite, and the check that they do."""

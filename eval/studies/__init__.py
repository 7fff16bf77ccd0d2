"""Studies for the documents: ablations, reliability of the confidence, unanswerable questions, article extraction."""

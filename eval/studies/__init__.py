"""Studies: ablations, calibration of the confidence, unanswerable questions, article extraction, both engines."""

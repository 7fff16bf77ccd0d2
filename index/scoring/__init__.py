"""Pure arithmetic: fusion, late interaction, near-duplicates, recency, calibration."""

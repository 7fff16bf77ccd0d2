"""Pure arithmetic: fusion, late interaction, near-duplicates, calibration."""

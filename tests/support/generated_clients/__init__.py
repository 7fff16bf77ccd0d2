"""Programs that use generated clients against a running service, one for each generator."""

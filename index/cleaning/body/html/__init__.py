"""The body of an HTML page: the selection of trafilatura, compared with the prose around the headline."""

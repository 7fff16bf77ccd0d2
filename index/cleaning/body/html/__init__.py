"""The body of an HTML page: what trafilatura selects, compared with the prose around the headline."""

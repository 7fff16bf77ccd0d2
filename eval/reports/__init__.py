"""Reports of measurements: terminal text, JSON, HTML, plots, and generated parts of the documents."""

"""Files and folders on disk: their digests and safe removal."""

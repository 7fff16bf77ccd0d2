"""Files and folders on the disk: their digests, and removing them safely."""

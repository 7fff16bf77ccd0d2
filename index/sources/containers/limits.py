"""Limits of all containers: sizes in bytes, numbers of entries, and depth."""

MAX_SOURCE_BYTES = 64 * 1024 * 1024
"""Maximum size of one article, and of a container that is read into memory as a whole."""
MAX_DECOMPRESSED_BYTES = 1024 * 1024 * 1024
"""Maximum size of a compressed container after decompression, and of a stream."""
MAX_ENTRIES = 10_000_000
"""Maximum number of entries of a container, such as lines, rows and messages; an encyclopedia has seven million."""
MAX_HEADER_BYTES = 1024 * 1024
"""Maximum size of the header of a mail, a part of a mail or a record."""
MAX_DEPTH = 10
"""Maximum depth of parts within parts, and of mails attached to mails."""
MAX_PARTS = 10_000
"""Maximum number of parts of one mail."""

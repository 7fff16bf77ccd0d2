"""Where documents come from: bytes in, decoded text with its way back out."""

"""What is body and what is not, and what a document says of itself: small pure rules."""

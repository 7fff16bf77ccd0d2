"""What is done with a collection beside asking it: listing its documents, correcting them and checking citations."""

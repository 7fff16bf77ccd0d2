"""Ask a folder of articles a question; get passages that answer it, cited to the exact characters of their files."""

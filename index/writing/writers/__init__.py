"""The writers: a server with OpenAI's API, or a model in this process, behind one protocol."""

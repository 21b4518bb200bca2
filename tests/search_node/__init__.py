"""A real Lucene-based search node, for tests only: what fetches it, starts it, stops it, and how the client speaks with it."""

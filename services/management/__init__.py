"""Commands of the directory and the search."""

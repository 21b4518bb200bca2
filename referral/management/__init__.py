"""Commands of the middle floor."""

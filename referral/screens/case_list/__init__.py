"""The list of cases, and the search for the same person."""

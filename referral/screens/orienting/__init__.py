"""Telling somebody where to go: the log of orientations without a case, and the directory at hand."""

"""Tests of the directory and the search."""

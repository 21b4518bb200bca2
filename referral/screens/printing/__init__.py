"""The desk where forms are printed."""

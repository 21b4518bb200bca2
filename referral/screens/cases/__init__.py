"""The case on one page, opening one, and a small form for everything that is written in it."""

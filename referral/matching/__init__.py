"""Which services fit a person, and why: proposals with reasons; a named person decides."""

"""The ground floor: who offers what, where, in which languages, and the search over it. The directory arrives with its own issue."""

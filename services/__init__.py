"""The ground floor: who offers what, where, in which languages, and the search over it. Its rooms: tests/test_architecture.py."""

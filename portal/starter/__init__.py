"""The guides that ship with Dalil: data files, how they are read, and what is refused."""

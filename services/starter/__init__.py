"""The directory that ships with the code, and one made up for load tests. The door: load_directory()."""

from .loading import load_directory
from .reading import DirectoryFaults

__all__ = ["DirectoryFaults", "load_directory"]

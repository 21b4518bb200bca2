"""The desk at which a person is given a code to follow the own case, or at which it is ended."""

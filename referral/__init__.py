"""The middle floor: someone is referred to a service, step by step. The workflow arrives with its own issue."""

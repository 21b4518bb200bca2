"""A case as its screen shows it: values by tier, the course of its procedure, what is missing, what was done."""

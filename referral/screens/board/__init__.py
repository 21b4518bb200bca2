"""The board of a team: workload, and what waits for the supervisor."""

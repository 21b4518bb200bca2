"""The first desk: what waits for this member, what is late first."""

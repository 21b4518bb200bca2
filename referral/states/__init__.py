"""The two machines as tables, their events and clocks: what may follow what, who may do it, and by when. No rows."""

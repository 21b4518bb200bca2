"""When a service is open: holidays, the hours of a day, “open now”, and the sentences that tell readers of them."""

"""The only door through which cases, consents and referrals change: one function an event, each one transaction."""

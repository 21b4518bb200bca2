"""The referral machine at work: every event in one transaction, with its guards, effects, packets and links."""

"""The person's own code (referral.md b.5): made by staff, opened with a PIN, shown in neutral words. See docs/decisions/0018."""

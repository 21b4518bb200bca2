"""What guards the data: files, leave to read, requests about data, complaints, legal holds, exports (referral.md b.6, d.2–d.4)."""

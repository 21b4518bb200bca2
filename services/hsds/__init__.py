"""The directory for partners, in the field's standard: Open Referral HSDS 3.0, as an API and as tables."""

"""Tests of cases and referrals."""

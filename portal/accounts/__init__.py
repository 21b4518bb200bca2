"""Accounts of staff: signing in with two factors, invitations, sessions that end, people of an organisation."""

"""Commands of the middle floor: python manage.py <name>."""

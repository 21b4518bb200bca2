"""People who sign in: editors and staff. Readers have no account."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person of staff. Alone in migration 0001: a custom user and a page in one first migration cannot migrate."""

"""The project's own user model, in place before the first migration so that it can grow later."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Who may sign in. Signs in by `username`; roles come with the pages that need them."""

"""`manage.py create_demo_administrator`: the one account of the demo."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User

PASSWORD_FILE = Path("var") / "secrets" / "administrator"


class Command(BaseCommand):
    help = "Make the demo's administrator, or give him the password that stands in the file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--password-file", type=Path, default=settings.BASE_DIR / PASSWORD_FILE)

    def handle(self, *, username: str, password_file: Path, **options: Any) -> None:
        password = _password(password_file)
        user, _ = User.objects.get_or_create(username=username)
        user.is_staff = user.is_superuser = user.is_active = True
        user.set_password(password)
        user.save()
        self.stdout.write(f"Administrator: {username}")


def _password(path: Path) -> str:
    """The file's text without spaces around it. Raises CommandError when there is none."""
    password = path.read_text().strip() if path.is_file() else ""
    if not password:
        raise CommandError(f"There is no password in {path}")
    return password

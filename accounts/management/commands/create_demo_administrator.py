"""`manage.py create_demo_administrator`: the one account of the demo."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User

PASSWORD_FILE = Path("var") / "secrets" / "administrator"


class Command(BaseCommand):
    help = "Make the demo's administrator with the password of the file; an account of that name is left as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--password-file", type=Path, default=settings.BASE_DIR / PASSWORD_FILE)

    def handle(self, *, username: str, password_file: Path, **options: Any) -> None:
        password = _password(password_file)
        user = User.objects.filter(username=username).first()
        if user is None:
            User.objects.create_superuser(username, password=password)
            self.stdout.write(f"Administrator: {username}")
        elif not user.check_password(password):
            self.stdout.write(_left(username))


def _left(username: str) -> str:
    """Says that the account has another password: it may be somebody's, so it is not touched."""
    return (
        f"Tài khoản {username} đã có, với mật khẩu khác; giữ nguyên. "
        f"Đổi mật khẩu: ./manage.py changepassword {username}\n"
        f"There is an account {username} with another password; it stays as it is. "
        f"To change that: ./manage.py changepassword {username}"
    )


def _password(path: Path) -> str:
    """The file's text without spaces around it. Raises CommandError when there is none."""
    password = path.read_text().strip() if path.is_file() else ""
    if not password:
        raise CommandError(f"There is no password in {path}")
    return password

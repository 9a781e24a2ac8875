"""Services for other software."""

from django.apps import AppConfig
from django.core import checks


class ServicesConfig(AppConfig):
    name = "services"

    def ready(self) -> None:
        """Reads the signing key once: a file that holds none is told at the start, and by `manage.py check`."""
        from services import tasks  # noqa: F401  declares a job
        from services.streaming import checks as _  # noqa: F401  declares a check
        from services.verify import key_check, signing

        checks.register(key_check.check_signing_key)
        signing.keys()

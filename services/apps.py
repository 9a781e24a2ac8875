"""Services for other software."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"

    def ready(self) -> None:
        """Reads the signing key once: a file that holds none is told at the start, not to a visitor."""
        from services.downloads import checks  # noqa: F401  declares a check
        from services.verify import signing

        signing.keys()

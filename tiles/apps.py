"""The vector tile server."""

from django.apps import AppConfig


class TilesConfig(AppConfig):
    name = "tiles"

    def ready(self) -> None:
        """Declares the repeated jobs."""
        from tiles import tasks  # noqa: F401

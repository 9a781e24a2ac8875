"""What this floor tells those below when the application starts."""

from django.apps import AppConfig


class MapAppConfig(AppConfig):
    name = "mapapp"

    def ready(self) -> None:
        from mapapp.layer_styles import geopackage_style  # models exist only now
        from services.downloads.styles import styled_by

        styled_by(geopackage_style)

"""The ground floor's geography: units, outlines, base map, coordinates and files."""

from django.apps import AppConfig

from geodata.language import both


class GeodataConfig(AppConfig):
    """Administrative units and the base map; knows nothing of laboratories or layers."""

    name = "geodata"
    verbose_name = both("Dữ liệu địa lý", "Geography")
    default_auto_field = "django.db.models.BigAutoField"

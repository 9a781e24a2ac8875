"""The vector tile server."""

from django.apps import AppConfig


class TilesConfig(AppConfig):
    name = "tiles"

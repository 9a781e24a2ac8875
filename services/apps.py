"""Services for other software."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"

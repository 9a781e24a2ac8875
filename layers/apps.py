"""The registers and the layers over them."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from geodata.language import both


class LayersConfig(AppConfig):
    name = "layers"
    verbose_name = both("Sổ đăng ký và danh mục", "Registers and reference tables")

    def ready(self) -> None:
        """Finds every catalogue by name, this floor's and its neighbours' above, as Django finds `admin.py`."""
        from layers import checks, derived, open_schema, tasks  # noqa: F401  declares checks, parts, jobs
        from layers.changes import keeping as changes  # noqa: F401
        from layers.competence import lexicon, subjects  # noqa: F401
        from layers.pyramid import keeping as pyramid  # noqa: F401

        for app in apps.get_app_configs():
            if find_spec(f"{app.name}.catalogue"):
                import_module(f"{app.name}.catalogue")
        post_migrate.connect(open_schema.remake, sender=self)
        post_migrate.connect(derived.remake, sender=self)

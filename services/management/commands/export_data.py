"""`manage.py export_data [NAME …]`: layers and tables as whole files in every form, served at /data/full/."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.errors import FeatureError
from layers.registry import all_layers, all_tables, dataset
from services.downloads.full.making import export


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="layers and tables; without any, all of them")

    def handle(self, *args: object, **options) -> None:  # type: ignore[no-untyped-def]
        try:
            wanted = [dataset(name) for name in options["names"]] or [*all_layers(), *all_tables()]
            for layer in wanted:
                export(layer, self.stdout.write)
        except FeatureError as error:
            raise CommandError(f"{error.message.vi}\n{error.message.en}") from error

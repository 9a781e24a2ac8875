"""`manage.py export_tiles LAYER`: all public tiles of a layer as one PMTiles file, served at /data/LAYER.pmtiles."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.errors import FeatureError
from layers.registry import get
from tiles.archive.making import export


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("layer", help="name of the layer")
        parser.add_argument("--maxzoom", type=int, help="the last zoom (14, or the layer's last where that is less)")

    def handle(self, *args: object, **options) -> None:  # type: ignore[no-untyped-def]
        try:
            layer = get(options["layer"])
            maxzoom = options["maxzoom"]
            export(layer, min(14, layer.zooms[1]) if maxzoom is None else maxzoom, self.stdout.write)
        except FeatureError as error:
            raise CommandError(f"{error.message.vi}\n{error.message.en}") from error

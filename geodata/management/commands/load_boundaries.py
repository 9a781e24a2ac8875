"""`manage.py load_boundaries`: provinces, communes and base map into the database."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from geodata.boundaries import Source, is_loaded, load, source_from
from geodata.boundary_files import BoundaryError, read_mappings
from geodata.boundary_report import write_report


class Command(BaseCommand):
    """Load from files, from the shared data, or by approximation; nothing is stored when anything is wrong."""

    help = "Load boundaries and the base map"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files and their columns; without any, the settings decide."""
        parser.add_argument("--communes", type=Path, help="file with the 3,321 communes")
        parser.add_argument("--provinces", type=Path, help="file with the 34 provinces, to compare with the communes")
        parser.add_argument("--columns", type=Path, help="JSON that maps their columns: see docs/boundaries.md")
        parser.add_argument("--basemap", type=Path, help="GeoPackage with water, roads and neighbouring countries")
        parser.add_argument("--if-needed", action="store_true", help="do nothing when the same source is loaded")
        parser.add_argument("--report", type=Path, help="write a map of what is loaded as one HTML file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, say what was stored, and write the report when asked for."""
        try:
            source = _source(options)
            self._load(source, only_if_needed=options["if_needed"], silent=options["verbosity"] == 0)
        except BoundaryError as error:
            lines = [f"- {problem.vi}\n  {problem.en}" for problem in error.problems]
            raise CommandError("\n".join(["Không nạp địa giới / Boundaries not loaded:", *lines])) from error
        if options["report"]:
            write_report(options["report"])

    def _load(self, source: Source, *, only_if_needed: bool, silent: bool) -> None:
        if only_if_needed and is_loaded(source):
            said = ["Boundaries are loaded and unchanged."]
        else:
            counts = load(source)
            said = [f"Boundaries: {source.origin}"]
            said += [f"  {what}: {count:,}" for what, count in counts.items()]
        if not silent:
            self.stdout.write("\n".join(said))


def _source(options: dict[str, Any]) -> Source:
    source = source_from(
        boundaries=str(options["communes"] or settings.MAP_BOUNDARIES),
        base_map_file=str(options["basemap"] or settings.MAP_BASEMAP),
        shared_data=Path(settings.MAP_SHARED_DATA),
    )
    if options["provinces"]:
        source = replace(source, provinces=options["provinces"])
    if options["columns"]:
        source = replace(source, mappings=read_mappings(options["columns"]))
    return source

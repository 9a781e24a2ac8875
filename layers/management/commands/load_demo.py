"""`manage.py load_demo`: invented registers over the whole country, the same for the same arguments."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from layers.demo.land import NoUnits
from layers.demo.loading import load, wanted
from layers.demo.recipe import Recipe
from layers.registers.roll_over import today

MOST_DEVICES = 5_000_000


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--devices", type=_devices, default=100_000, help="how many measuring devices (100000)")
        parser.add_argument("--seed", type=int, default=1, help="another seed gives other data (1)")
        parser.add_argument("--day", type=_day, help="YYYY-MM-DD that all dates are relative to (today)")
        parser.add_argument("--if-needed", action="store_true", help="do nothing where these data stand already")

    def handle(self, *args: object, **options) -> None:  # type: ignore[no-untyped-def]
        recipe = Recipe(devices=options["devices"], seed=options["seed"], day=options["day"] or today())
        if options["if_needed"] and not wanted(recipe, any_day=options["day"] is None):
            self.stdout.write("The demo data stand already.")
            return
        try:
            load(recipe, shared_data=Path(settings.MAP_SHARED_DATA), tell=self.stdout.write)
        except NoUnits as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The map stands on {recipe.day.isoformat()}.")


def _devices(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_DEVICES:
        raise ArgumentTypeError(f"must be 1 to {MOST_DEVICES}")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day of the form YYYY-MM-DD") from error

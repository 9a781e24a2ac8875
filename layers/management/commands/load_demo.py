"""`manage.py load_demo`: invented registers over the whole country, the same for the same arguments.

Older demo data are replaced. Where the registers hold anything else, nothing is done without `--beside-real-data`.
"""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from layers.competence.lexicon import renew_words
from layers.demo.land import NoUnits
from layers.demo.loading import load, wanted
from layers.demo.recipe import Recipe
from layers.demo.tables import tables_with_other_rows
from layers.registers.roll_over import today


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--devices", type=_devices, default=settings.MAP_SCALE, help="how many measuring devices (MAP_SCALE)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed gives other data (1)")
        parser.add_argument("--day", type=_day, help="YYYY-MM-DD that all dates are relative to (today)")
        parser.add_argument("--if-needed", action="store_true", help="do nothing where these data stand already")
        parser.add_argument(
            "--only-check", action="store_true", help="say whether demo data may be loaded, load nothing"
        )
        parser.add_argument(
            "--beside-real-data",
            action="store_true",
            help="put invented rows beside those from other sources, and mark all of the map as demo data",
        )

    def handle(self, *args: object, **options) -> None:  # type: ignore[no-untyped-def]
        recipe = Recipe(devices=options["devices"], seed=options["seed"], day=options["day"] or today())
        if options["if_needed"] and not wanted(recipe, any_day=options["day"] is None):
            self.stdout.write("The demo data stand already.")
            return
        if not options["beside_real_data"]:
            _refuse_beside_real_data()
        if options["only_check"]:
            return
        try:
            load(recipe, shared_data=Path(settings.MAP_SHARED_DATA), tell=self.stdout.write)
        except NoUnits as error:
            raise CommandError(str(error)) from error
        renew_words.func()
        self.stdout.write(f"The map stands on {recipe.day.isoformat()}.")


def _refuse_beside_real_data() -> None:
    with connection.cursor() as cursor:
        found = ", ".join(tables_with_other_rows(cursor))
    if found:
        raise CommandError(
            f"Sổ đăng ký có dữ liệu không phải dữ liệu minh họa ({found}); không nạp gì. "
            "Nếu vẫn muốn nạp dữ liệu minh họa bên cạnh: --beside-real-data.\n"
            f"The registers hold data that is not demo data ({found}); nothing was loaded. "
            "To load invented rows beside it all the same: --beside-real-data."
        )


def _devices(text: str) -> int:
    number = int(text)
    if not 1 <= number <= settings.MOST_DEMO_DEVICES:
        raise ArgumentTypeError(f"must be 1 to {settings.MOST_DEMO_DEVICES}")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no day of the form YYYY-MM-DD") from error

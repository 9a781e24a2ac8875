"""The world that tests read: reference tables, boundaries and 2,000 demo devices.

`python -m tests.world` makes it under the name in MAP_TEST_DATABASE and keeps it until its input ends. Runs that name
it in MAP_TEST_WORLD copy it, which takes seconds; made from nothing it takes more than a minute.
"""

import os
import sys
from contextlib import redirect_stdout
from datetime import date

import django
from django.core.management import call_command
from django.db import connections
from django.test.utils import setup_databases, teardown_databases

DAY = date(2026, 11, 22)
DEVICES = 2000


def make(*, keepdb: bool = False) -> list:
    """The test database under both roles, filled with the world; gives what `teardown_databases` takes.

    With `keepdb` a database that stands already is gone on with.
    """
    # No test asks for rows to be brought back (`serialized_rollback`): to write all of a world down takes long.
    made = setup_databases(
        verbosity=0, interactive=False, keepdb=keepdb, aliases=set(connections), serialized_aliases=()
    )
    call_command("load_reference", verbosity=0)
    call_command("load_boundaries", if_needed=True, verbosity=0)
    # A run that was cut off may have left rows of its own in a kept database; one that was made just now has none.
    demo = {"devices": DEVICES, "seed": 7, "day": DAY, "if_needed": not keepdb}
    call_command("load_demo", **demo, beside_real_data=True, verbosity=0)
    return made


def keep_until_input_ends() -> None:
    """Make the world, say so in a line, and take it away when whoever reads that line is done or gone."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    with redirect_stdout(sys.stderr):
        made = make()
    connections.close_all()  # A database that somebody is connected to cannot be copied.
    print("made", flush=True)
    sys.stdin.read()
    teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    keep_until_input_ends()

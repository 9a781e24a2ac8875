"""`manage.py renew_versions`: after a backup was restored, no version of a tile is given a second time.

The backup brings back the number that versions go on from; between it and now they showed other contents. Run it before
anybody writes.
"""

from django.core.management.base import BaseCommand
from django.db import connection

# As `layers.changes` begins: ids grow by far less than one in a microsecond.
_GO_ON_FROM_NOW = (
    "SELECT setval(pg_get_serial_sequence('tile_changes', 'id'),"
    " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_GO_ON_FROM_NOW)
            self.stdout.write(f"Versions of tiles go on from {cursor.fetchone()[0]}.")

"""`manage.py renew_versions`: after a backup was restored, no version of a tile is given a second time.

The backup brings back the number that versions go on from; between it and now they showed other contents. Run it before
anybody writes.
"""

from django.core.management.base import BaseCommand
from django.db import connection

from layers.changes.keeping import go_on_from_now


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        with connection.cursor() as cursor:
            self.stdout.write(f"Versions of tiles go on from {go_on_from_now(cursor)}.")

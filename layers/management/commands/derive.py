"""`manage.py derive`: makes anew what the database derives by triggers, where code or settings declare it otherwise.

Where nothing differs nothing is done. Whoever reads or writes a register whose sums are remade waits: stop the map.
"""

from django.core.management.base import BaseCommand

from layers.derived import remake
from layers.registers.roll_over import count_again


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        remade = remake()
        if remade:
            # They follow the same settings, and would stay as they are until midnight.
            count_again()
        self.stdout.write(f"Made anew: {', '.join(remade)}." if remade else "All stands as declared.")

"""`manage.py roll_over`: brings the map to today, makes sure that the next roll-over and repeated jobs are booked."""

from django.core.management.base import BaseCommand
from django_tasks_db.models import DBTaskResult

from layers.registers.roll_over import roll_over, today
from layers.tasks import book_next, book_repeated, roll_over_daily


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        moved = roll_over(today())
        if not DBTaskResult.objects.filter(task_path=roll_over_daily.module_path, status="READY").exists():
            book_next()
        book_repeated()
        self.stdout.write(f"The map stands on {today().isoformat()} (moved {moved} days).")

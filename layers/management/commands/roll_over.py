"""`manage.py roll_over`: brings the map to today, makes sure that the next roll-over and repeated jobs are booked."""

from django.core.management.base import BaseCommand, CommandError

from layers.pyramid.turning import DayHeld
from layers.registers.roll_over import roll_over, today
from layers.tasks import book_midnight, book_repeated, book_try


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, **options: object) -> None:
        day = today()
        book_try()
        book_repeated()
        try:
            moved = roll_over(day)
        except DayHeld as error:
            raise CommandError(
                "Một giao dịch đang ghi dài (ví dụ một lần nhập dữ liệu) giữ ngày của bản đồ. "
                "Tiến trình nền thử lại mỗi phút.\n"
                "A long transaction that writes, such as an import, holds the day of the map. The worker tries again "
                "every minute."
            ) from error
        book_midnight(day)
        self.stdout.write(f"The map stands on {day.isoformat()} (moved {moved} days).")

"""How often one network address may send something in a day: counted here, by nobody's name and for that day only."""

import hmac
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import connection
from django.utils import timezone

from layers.errors import TooManyAttempts
from layers.registers.tickets import Attempt

COUNT_ONE_MORE = """
    INSERT INTO layers_attempt AS counted (day, action, caller, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (day, action, caller) DO UPDATE SET count = counted.count + 1
    RETURNING count
"""
# A household or a phone holds a whole network of this length; single addresses of it cost nothing.
IPV6_PREFIX = 64


def count_attempt(action: str, address: str, *, most: int) -> int:
    """Counts one more `action` of that address today; gives how many there were with it.

    Raises TooManyAttempts above `most`, with the seconds until the next day. Committed by itself, whatever follows.
    """
    now = timezone.localtime()
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE_MORE, [now.date(), action, hashed(address, now.date())])
        (count,) = cursor.fetchone()
    if count > most:
        raise _too_many(now)
    return count


def attempts(action: str, address: str) -> int:
    """How many of that `action` were counted today of that address."""
    today = timezone.localtime().date()
    counted = Attempt.objects.filter(day=today, action=action, caller=hashed(address, today))
    return counted.values_list("count", flat=True).first() or 0


def hashed(address: str, day: date) -> str:
    """The address under the key of that day: 64 hexadecimal digits. On another day it is another text."""
    key = hmac.digest(settings.SECRET_KEY.encode(), f"attempts {day.isoformat()}".encode(), "sha256")
    return hmac.new(key, _network(address).encode(), "sha256").hexdigest()


def forget_attempts(today: date) -> int:
    """Takes away what was counted before today; gives how many rows that were."""
    return Attempt.objects.filter(day__lt=today).delete()[0]


def _network(address: str) -> str:
    """The address, of IPv6 its network; what is no address stands for itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, IPV6_PREFIX), strict=False)) if found.version == 6 else str(found)


def _too_many(now: datetime) -> TooManyAttempts:
    midnight = timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), time()))
    return TooManyAttempts(
        "attempts.too_many",
        "Hôm nay từ mạng này đã gửi nhiều lần. Có thể gửi tiếp từ 0 giờ ngày mai, hoặc từ một mạng khác.",
        "Much was sent from this network today. More can be sent from midnight on, or from another network.",
        retry_after_s=max(1, int((midnight - now).total_seconds())),
    )

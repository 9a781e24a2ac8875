"""How often something may be sent in a day, from one network and in all: by nobody's name and for that day only."""

import hmac
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from layers.errors import TooManyAttempts
from layers.network_address import SITE, network_of
from layers.registers.tickets import Attempt

COUNT_ONE_MORE = """
    INSERT INTO layers_attempt AS counted (day, action, caller, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (day, action, caller) DO UPDATE SET count = counted.count + 1
    RETURNING count
"""
# Whoever holds one site's network holds 65,536 of a household's; together they may do as much as so many.
SITE_SHARE = 10
EVERYBODY = "everybody"


def count_attempt(action: str, address: str, *, most: int) -> None:
    """Counts one more `action` today, of that address' network, of its site (IPv6) and of everybody.

    Raises TooManyAttempts, with the seconds until the next day, above `most` of the network, SITE_SHARE times that of
    the site, or MAP_SENT_IN_ALL of everybody. What a narrower limit refuses counts for no wider one, so that one caller
    cannot use up what is everybody's. Committed by itself, whatever follows.
    """
    now = timezone.localtime()
    for caller, limit in _callers(address, most):
        if _one_more(action, caller, now.date()) > limit:
            raise _closed(now) if caller == EVERYBODY else _too_many(now)


def is_used_up(action: str, address: str, *, most: int) -> bool:
    """Whether `count_attempt` would refuse the next `action` of that address today. Counts nothing."""
    today = timezone.localdate()
    return any(_counted(action, caller, today) >= limit for caller, limit in _callers(address, most))


def count_once(action: str, address: str) -> bool:
    """Counts an `action` that counts once a day from one network; gives whether this was that once."""
    return _one_more(action, network_of(address), timezone.localdate()) == 1


def was_counted(action: str, address: str) -> bool:
    """Whether this network did the `action` today already."""
    return _counted(action, network_of(address), timezone.localdate()) > 0


def hashed(caller: str, day: date) -> str:
    """The caller's network under the key of that day: 64 hexadecimal digits. On another day it is another text."""
    key = hmac.digest(settings.SECRET_KEY.encode(), f"attempts {day.isoformat()}".encode(), "sha256")
    return hmac.new(key, caller.encode(), "sha256").hexdigest()


def forget_attempts(today: date) -> int:
    """Takes away what was counted before today; gives how many rows that were."""
    return Attempt.objects.filter(day__lt=today).delete()[0]


def _callers(address: str, most: int) -> Iterator[tuple[str, int]]:
    """Who is counted and how often each may, the narrowest first."""
    home, site = network_of(address), network_of(address, SITE)
    yield home, most
    if site != home:
        yield site, most * SITE_SHARE
    yield EVERYBODY, settings.SENT_IN_ALL


def _counted(action: str, caller: str, day: date) -> int:
    """How many of that `action` were counted of that caller on that day."""
    counted = Attempt.objects.filter(day=day, action=action, caller=hashed(caller, day))
    return counted.values_list("count", flat=True).first() or 0


def _one_more(action: str, caller: str, day: date) -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ONE_MORE, [day, action, hashed(caller, day)])
        (count,) = cursor.fetchone()
    return count


def _seconds_left(now: datetime) -> int:
    """From now to midnight."""
    midnight = timezone.make_aware(datetime.combine(now.date() + timedelta(days=1), time()))
    return max(1, int((midnight - now).total_seconds()))


def _closed(now: datetime) -> TooManyAttempts:
    return TooManyAttempts(
        "attempts.closed",
        "Hôm nay hệ thống đã nhận quá nhiều lượt gửi từ mọi nơi. Có thể gửi tiếp từ 0 giờ ngày mai.",
        "Too much was sent today from everywhere together. More can be sent from midnight on.",
        retry_after_s=_seconds_left(now),
    )


def _too_many(now: datetime) -> TooManyAttempts:
    return TooManyAttempts(
        "attempts.too_many",
        "Hôm nay từ mạng này đã gửi nhiều lần. Có thể gửi tiếp từ 0 giờ ngày mai, hoặc từ một mạng khác.",
        "Much was sent from this network today. More can be sent from midnight on, or from another network.",
        retry_after_s=_seconds_left(now),
    )

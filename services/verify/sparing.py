"""Answers about what is not published are told to whoever holds the paper, and not to whoever tries all numbers."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

from layers.errors import TooManyAttempts
from layers.network_address import address_of
from layers.registers.attempts import count_attempt, is_used_up
from services.verify.evidence import Evidence

ACTION = "check"


def spare(request: HttpRequest, found: Sequence[Evidence]) -> None:
    """Counts what will be told of evidence that is not published. Raises TooManyAttempts beyond `MAP_CHECKS_A_DAY`.

    From then on "not in the data" is refused alike: else the refusal itself would tell which numbers there are.
    Published evidence, and what is told by the form of a number alone, is never counted nor refused.
    """
    most, address = settings.CHECKS_A_DAY, address_of(request)
    hidden = any(not one.published for one in found)
    if not hidden and (found or not is_used_up(ACTION, address, most=most)):
        return
    try:
        count_attempt(ACTION, address, most=most)
    except TooManyAttempts as error:
        raise _too_many(error.retry_after_s) from error


def _too_many(retry_after_s: int) -> TooManyAttempts:
    return TooManyAttempts(
        "verify.too_many",
        "Hôm nay từ mạng này đã kiểm tra rất nhiều số chưa công khai. Số đã công khai vẫn kiểm tra được; "
        "số khác: từ 0 giờ ngày mai, hoặc hỏi nơi cấp ghi trên giấy, tem.",
        "Very many numbers that are not published were checked from this network today. Published numbers can still be "
        "checked; others from midnight on, or ask the issuer named on the paper or sticker.",
        retry_after_s=retry_after_s,
    )

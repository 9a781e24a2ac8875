"""What can be wrong with a request for features. Each protocol translates these at its edge."""

from geodata.language import both


class FeatureError(Exception):
    """Base of them all: an HTTP status, a stable code, the parameter at fault, a message in two languages."""

    status = 400
    retry_after_s = 0  # after how many seconds it is worth asking again; 0 where that is not known

    def __init__(self, code: str, vi: str, en: str, *, parameter: str = "") -> None:
        super().__init__(f"{code}: {en}")
        self.code, self.parameter = code, parameter
        self.message = both(vi, en)


class BadParameter(FeatureError):
    """A parameter that is unknown, repeated, or has a value that means nothing."""


class NotFound(FeatureError):
    """No such layer, tile or record, or none that this caller may see: one answer for all."""

    status = 404


class Gone(FeatureError):
    """A record that was public once and was withdrawn."""

    status = 410


class SignInNeeded(FeatureError):
    """The answer depends on who asks, and nobody is signed in."""

    status = 401


class NotAllowed(FeatureError):
    """The caller is known and has no right to this."""

    status = 403


class TooCostly(FeatureError):
    """The answer could not be made within the time limit of its class."""

    status = 422


class Conflict(FeatureError):
    """What is asked for was done already, or cannot be done in the state that things are in."""

    status = 409


class TooManyAttempts(FeatureError):
    """The caller did this too often today; `retry_after_s` says in how many seconds it is a new day."""

    status = 429

    def __init__(self, code: str, vi: str, en: str, *, retry_after_s: int) -> None:
        super().__init__(code, vi, en)
        self.retry_after_s = retry_after_s


class Busy(FeatureError):
    """The answer is being made or replaced, and will be there in a few seconds."""

    status = 503
    retry_after_s = 5


class NoRoom(FeatureError):
    """There is no more room to keep what is sent; the operator has to make some."""

    status = 507


def not_found() -> NotFound:
    """The one answer for what does not exist and for what the caller may not see."""
    return NotFound("not_found", "Không tìm thấy nội dung này.", "There is nothing at this address.")

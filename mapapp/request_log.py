"""The log: one object of JSON per line, and one such line for each request (bad inputs, C6).

No line holds what a request brought along: neither its address nor its parameters, headers or body.
"""

import json
import logging
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("map.requests")


class JsonLines(logging.Formatter):
    """A record as one line: JSON writes line ends and all other signs beyond ASCII as escapes, so none is forged."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            **_facts(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


def _facts(record: logging.LogRecord) -> dict[str, object]:
    """What happened, and to which request. Django's own reports carry one, and their words quote its address."""
    if hasattr(record, "request"):
        return {"event": "failure", "request_id": getattr(record.request, "request_id", "")}
    return {"event": record.getMessage(), **getattr(record, "facts", {})}


def is_failure(record: logging.LogRecord) -> bool:
    """Of what Django says about requests only failures with a trace are news: the rest stands in the request's line."""
    return bool(record.exc_info) and record.levelno >= logging.ERROR


def log_request(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    """The line of an answered request. A refusal's code is its event."""
    told = getattr(request, "refused_as", "request")
    request_id = getattr(request, "request_id", "")
    log_answer(request_id, _asked_as(request), _route(request), response.status_code, seconds=seconds, event=told)


def log_answer(request_id: str, user: str, route: str, status: int, *, seconds: float, event: str = "request") -> None:
    """The line of one answer."""
    facts = {
        "request_id": request_id,
        "user": user,
        "route": route,
        "outcome": _outcome(status),
        "status": status,
        "ms": round(seconds * 1000),
    }
    logger.info(event, extra={"facts": facts})


def _asked_as(request: HttpRequest) -> str:
    """The id of the user that the answer was made for, else `anonymous`.

    Who is signed in is never looked up for the log's sake: public tiles would then read a session each. Django keeps
    the user here once a view has asked for him; where none did, the answer is the one that everybody gets.
    """
    user = getattr(request, "_cached_user", None)
    return str(user.pk) if user is not None and user.is_authenticated else "anonymous"


def _route(request: HttpRequest) -> str:
    """The route's name; `none` where nothing was looked up: no such address, a file, a language not spoken."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else "none"


def _outcome(status: int) -> str:
    if status >= 500:
        return "failed"
    return "refused" if status >= 400 else "answered"

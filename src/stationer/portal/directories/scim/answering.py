"""Answers of SCIM: JSON of its own type, and every refusal in its form (RFC 7644 §3.12)."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from pydantic import ValidationError
from scim2_models import (
    Error,
    InvalidSyntaxException,
    PayloadTooLargeException,
    SCIMException,
    UniquenessException,
)

from stationer.portal.directories.scim.room import TooOften
from stationer.watch.log import Voice

TYPE = "application/scim+json"
MB = 1_000_000
#: What SQLite calls it (https://www.sqlite.org/rescode.html).
NOT_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
say = Voice("portal")


class NoSuchMethod(Exception):
    """The address is known, and not for this method; `allowed` is what it takes."""

    def __init__(self, allowed: str) -> None:
        self.allowed = allowed
        super().__init__(allowed)


def answer(said: dict[str, Any], status: int = 200, **headers: str) -> HttpResponse:
    """Its JSON."""
    return HttpResponse(json.dumps(said), status=status, content_type=TYPE, headers=headers)


def body(request: HttpRequest) -> Any:
    """What was sent. Raises InvalidSyntaxException, PayloadTooLargeException."""
    try:
        return json.loads(request.body)
    except RequestDataTooBig:
        raise PayloadTooLargeException(detail="Send less at once.") from None
    except (ValueError, RecursionError):
        raise InvalidSyntaxException(detail="This is no JSON.") from None


def too_large(most: int) -> HttpResponse:
    """What is answered to a request of more octets than that."""
    detail = f"A request has at most {most / MB:g} MB: change a group's members in several."
    return refusal(PayloadTooLargeException(detail=detail), "")


def refusal(fault: Exception, path: str) -> HttpResponse:
    """What is answered to a fault: theirs says what it was, ours is logged."""
    if isinstance(fault, NoSuchMethod):
        error = Error(status=405, detail=f"This address takes {fault.allowed}.")
        return answer(error.model_dump(), 405, Allow=fault.allowed)
    error = _error(fault, path)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    if isinstance(fault, TooOften):
        headers["Retry-After"] = str(fault.again)
    return answer(error.model_dump(), error.status or 500, **headers)


def _not_unique(fault: IntegrityError) -> bool:
    """Whether a database refused a second one of the same: PostgreSQL and SQLite say it in their own words."""
    said = fault.__cause__
    return getattr(said, "sqlstate", "") == "23505" or getattr(said, "sqlite_errorname", "") in NOT_UNIQUE


def _error(fault: Exception, path: str) -> Error:
    if isinstance(fault, SCIMException):
        return fault.to_error()
    if isinstance(fault, ValidationError):
        return Error.from_validation_errors(fault)[0]
    if isinstance(fault, IntegrityError) and _not_unique(fault):
        return UniquenessException(detail="Another one like it was made at the same moment.").to_error()
    say.fault("fault", path=path)
    return Error(status=500, detail="Something went wrong on our side; nothing was changed.")

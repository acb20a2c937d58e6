"""The one registry of refusals: code, status, and the sentence to start from (contract/http.md)."""

from __future__ import annotations

import msgspec


class Refusal(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every answer that is not a success, at the edge and in the portal's API."""

    error: str
    message: str
    fields: dict[str, list[str]] = {}
    retry_after: int | None = None


#: code → (status, sentence). Unknown and forbidden look the same.
ERRORS: dict[str, tuple[int, str]] = {
    "malformed": (
        400,
        "The request is not valid JSON of the expected form. Compare it with contract/http.md.",
    ),
    "unauthorised": (401, "The bearer token is missing or not known. Enrol this device again."),
    "not-found": (404, "There is nothing here by that name."),
    "method-not-allowed": (405, "This address does not take that method."),
    "resting": (
        409,
        "This company rests: nothing can be changed until its partner resumes it. The mail is not touched by this.",
    ),
    "conflict": (409, "What is there has changed meanwhile. Look again and go on from there."),
    "pieces-missing": (
        409,
        "Not all pieces of this mail are here. Send those that `missing` names, then complete it again.",
    ),
    "level": (
        403,
        "This message asks for more than a token shows. Open it in a browser, by the link of its notification.",
    ),
    "range": (416, "There is no such range: it begins behind the end."),
    "under-way": (
        409,
        "The first request with this Idempotency-Key is under way. Send it again in a moment, as it is.",
    ),
    "key-reused": (
        422,
        "This Idempotency-Key was sent with another request before. Send a new key with what is another request.",
    ),
    "too-large": (413, "The request is larger than this service takes."),
    "invalid": (422, "Some fields need attention."),
    "unopened": (422, "This piece of a segment cannot be opened. Set the segment aside."),
    "too-many-requests": (429, "Too many requests. Try again later."),
    "not-ready": (503, "There is no snapshot yet. Publish once in the portal."),
    "fault": (500, "Something went wrong on our side. The mail is not touched by this."),
}


def refusal(code: str, message: str = "", **more: object) -> tuple[int, Refusal]:
    """Status and body for `code`. A code outside the registry is a bug and raises KeyError."""
    status, sentence = ERRORS[code]
    return status, msgspec.convert({"error": code, "message": message or sentence, **more}, Refusal)

"""What can go wrong when a portal is asked: it refuses, or it cannot be reached."""

from __future__ import annotations

from stationer.wire.errors import Refusal


class ClientError(Exception):
    """Anything that a call raises; `again` says whether the same call may do better later."""

    again = False


class Refused(ClientError):
    """The portal refused; the message is its sentence, `code` what a program goes by (contract/http.md).

    `fields` has what is wrong with each field; `retry_after` is in seconds.
    """

    def __init__(self, status: int, refusal: Refusal) -> None:
        self.status, self.code, self.fields = status, refusal.error, refusal.fields
        self.retry_after = refusal.retry_after
        self.again = status >= 500 or refusal.error in ("too-many-requests", "under-way", "not-ready")
        more = {
            name: [one for one in said if one != refusal.message] for name, said in refusal.fields.items()
        }
        wrong = [f"{name}: {' '.join(sentences)}" for name, sentences in more.items() if sentences]
        super().__init__(" ".join([refusal.message, *wrong]))


class Unreachable(ClientError):
    """Nobody answered, or what answered is no portal. What was asked may have been done all the same."""

    again = True

"""What the vault refuses, in the wire's form."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from stationer.portal.site.refusals import answer
from stationer.portal.vault.errors import VaultError

#: By the vault's code: the wire's, and the field that is meant.
CODES = {
    "not-an-address": ("invalid", "recipients"),
    "no-recipients": ("invalid", "recipients"),
    "too-many-recipients": ("invalid", "recipients"),
    "too-large": ("invalid", "size"),
    "empty": ("invalid", "size"),
    "quota": ("invalid", "size"),
    "wrong-piece": ("invalid", "body"),
    "pieces-missing": ("pieces-missing", ""),
    "not-uploading": ("conflict", ""),
    "enclosed": ("conflict", ""),
    "not-ready": ("conflict", ""),
    "level": ("level", ""),
    "ended": ("not-found", ""),
    "no-such-part": ("not-found", ""),
    "keyring": ("fault", ""),
    "unreadable": ("fault", ""),
}


def refused(error: VaultError) -> HttpResponse:
    """The answer to a program."""
    code, field = CODES[error.code]
    response = answer(code, error.sentence, **({"fields": {field: [error.sentence]}} if field else {}))
    if error.missing:
        body = msgspec.json.decode(response.content)
        response.content = msgspec.json.encode(body | {"missing": error.missing})
    return response

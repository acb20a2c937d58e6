"""Passkeys of contacts: WebAuthn Level 2 by fido2, discoverable, the user verified where the device can do that.

A challenge is kept in the browser's session, for one use and five minutes. It needs a script; everything else on these
pages does without one.
"""

from __future__ import annotations

import json
import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from stationer.portal.access.sitting import browser
from stationer.portal.people.models import Pen
from stationer.portal.reading import levels
from stationer.portal.reading.models import Contact, Passkey

SESSION, LIFE_S = "reader-passkey", 300
MOST = 10
#: Characters of what a browser says of a passkey.
LONGEST = 65_536


class NotShown(Exception):
    """The passkey was not shown: another one, an old challenge, or nothing that a device says."""


def _server(request: HttpRequest, pen: Pen) -> Fido2Server:
    """This host as a relying party; an answer counts from its very origin alone (WebAuthn Level 2 §7.2)."""
    origin = f"{request.scheme}://{request.get_host()}"
    host = request.get_host().rpartition(":")[0] or request.get_host()
    party = PublicKeyCredentialRpEntity(id=host, name=pen.name)
    return Fido2Server(party, verify_origin=lambda said: said == origin)


def _keep(request: HttpRequest, pen: Pen, what: str, state: Any) -> None:
    verification = state["user_verification"]
    kept = {"challenge": state["challenge"], "user_verification": verification and str(verification.value)}
    request.session[SESSION] = {"what": what, "pen": pen.outside_id, "at": int(time.time()), "state": kept}


def _take(request: HttpRequest, pen: Pen, what: str) -> Any:
    """The challenge, which is gone then. Raises NotShown."""
    kept = request.session.pop(SESSION, None)
    good = isinstance(kept, dict) and kept.get("what") == what and kept.get("pen") == pen.outside_id
    if not good or kept["at"] + LIFE_S < time.time():
        raise NotShown("no challenge waits")
    return kept["state"]


def _read(text: str) -> Any:
    if len(text) > LONGEST:
        raise NotShown("longer than any passkey's")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise NotShown("not understood") from None
    if not isinstance(said, dict):
        raise NotShown("not understood")
    return said


def begin_adding(request: HttpRequest, pen: Pen, contact: Contact) -> dict[str, Any]:
    """What the browser makes a passkey from; those that the contact has already are left out."""
    user = PublicKeyCredentialUserEntity(
        id=contact.pk.bytes, name=contact.address, display_name=contact.address
    )
    known = [AttestedCredentialData(bytes(one.public)) for one in contact.passkeys.all()]
    options, state = _server(request, pen).register_begin(
        user, known, resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )  # fmt: skip
    _keep(request, pen, f"add:{contact.pk.hex}", state)
    return dict(options)


def add(request: HttpRequest, pen: Pen, contact: Contact, text: str, level: int) -> Passkey:
    """The passkey that the browser made, after `level` was shown. Raises NotShown."""
    state, said = _take(request, pen, f"add:{contact.pk.hex}"), _read(text)
    try:
        data = _server(request, pen).register_complete(state, said)
    except (ValueError, TypeError, KeyError) as error:
        raise NotShown(str(error)) from error
    found = data.credential_data
    if found is None or contact.passkeys.count() >= MOST:
        raise NotShown("no credential, or too many")
    name = browser(request.headers.get("User-Agent", ""))[:80]
    with transaction.atomic():
        levels.remember(contact.address, level)
        return Passkey.objects.create(
            contact=contact, credential=websafe_encode(found.credential_id), public=bytes(found),
            count=data.counter, name=name, level=level,
        )  # fmt: skip


def begin_entering(request: HttpRequest, pen: Pen) -> dict[str, Any]:
    """What any passkey of this host signs: which it is, its owner chooses."""
    options, state = _server(request, pen).authenticate_begin(
        user_verification=UserVerificationRequirement.PREFERRED
    )
    _keep(request, pen, "enter", state)
    return dict(options)


def enter(request: HttpRequest, pen: Pen, text: str) -> tuple[Contact, int]:
    """Whose passkey it was, and the level it shows: 2, or 3 where the device knew its user; of one that was made with a
    code alone, 1. Raises NotShown."""
    state, said = _take(request, pen, "enter"), _read(text)
    row = Passkey.objects.filter(credential=str(said.get("rawId", ""))).select_related("contact").first()
    if row is None:
        raise NotShown("unknown here")
    try:
        answer = AuthenticationResponse.from_dict(said)
        _server(request, pen).authenticate_complete(
            state, [AttestedCredentialData(bytes(row.public))], answer
        )
        handle = answer.response.user_handle
    except (ValueError, TypeError, KeyError) as error:
        raise NotShown(str(error)) from error
    data = answer.response.authenticator_data
    if handle not in (None, row.contact.pk.bytes) or not _counted(row, data.counter):
        raise NotShown("a copy, or another's")
    if row.level < levels.MEANS:
        return row.contact, levels.CODE
    return row.contact, levels.STRONG if data.is_user_verified() else levels.MEANS


def _counted(row: Passkey, count: int) -> bool:
    """Whether the counter went on (WebAuthn Level 2 §7.2 step 21); one statement, so that an answer counts once."""
    rows = Passkey.objects.filter(pk=row.pk)
    on = rows.filter(Q(count__lt=count) if count or row.count else Q(count=0))
    return bool(on.update(count=count, used_at=timezone.now()))


def possible(request: HttpRequest) -> bool:
    """Whether this host can be a relying party: a name, by https or on this very machine (WebAuthn Level 2 §5.1.2)."""
    name = request.get_host().rpartition(":")[0] or request.get_host()
    local = name == "localhost" or name.endswith(".localhost")
    secure = settings.SESSION_COOKIE_SECURE or local
    return secure and not name.replace(".", "").isdigit() and not name.startswith("[")


def offered(address: str, request: HttpRequest) -> bool:
    """Whether a passkey is offered below the letter: after the first time somebody got in, until they said no."""
    rows = Contact.objects.filter(address=address, sittings=1, declined_at=None, passkeys=None)
    return possible(request) and rows.exists()

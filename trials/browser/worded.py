"""Notifications of the harbour practice that were written anew twice, and a signing key that follows the first."""

from __future__ import annotations

from typing import Any

import msgspec

ALICE, BOB = "alice@harbourdental.example", "bob@harbourdental.example"


def announce_in_own_words(pen: Any) -> None:
    """Two versions, and a second key."""
    from stationer.portal.notices import drafts, keys
    from stationer.portal.notices.models import Wording
    from stationer.portal.people.models import Package

    staff = Package.objects.get(name="employees").outside_id
    said = Wording(address="4 Quay Street, Padstow", phone="+44 1841 496 0142", languages=("en", "de"))
    drafts.keep(pen, said, upon=0, by=ALICE)
    private = {"en": "Meant for its recipient alone. If that is not you, please tell us and delete it."}
    private |= {
        "de": "Nur für den Empfänger bestimmt. Sind Sie das nicht, sagen Sie es uns bitte und löschen Sie es."
    }
    said = msgspec.structs.replace(said, notification={staff: private}, words={"en": {"go": "Read it at"}})
    drafts.keep(pen, said, upon=1, by=BOB)
    keys.in_force()
    keys.add_key()

"""What tests of the trial share: an installation that offers it, and what left."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import msgspec

from stationer.portal.delivery.models import Outgoing, Recipient
from stationer.settings import TrialMailbox

FORM = {"address": "nora@newco.example", "company": "Newco Ltd", "colour": "#0e6e73", "starter": "invitation"}
MAILBOX = TrialMailbox(
    host="127.0.0.1", address="try@house.example", authserv_id="mx.house.example", user="try", password="x"
)


def offer(settings, sign_up="open", **more):
    """The installation offers the trial."""
    relay = msgspec.structs.replace(settings.PORTAL.relay, host="127.0.0.1", sender="house@house.example")
    said = {"trial": True, "sign_up": sign_up, "relay": relay, "trial_mailbox": MAILBOX, **more}
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, **said)


def left():
    """Every mail that is in the queue, with whom it goes to, the oldest first."""
    return [
        (
            sorted(Recipient.objects.filter(outgoing=row).values_list("address", flat=True)),
            message_from_bytes(bytes(row.mail), policy=policy.default),
        )
        for row in Outgoing.objects.order_by("created_at", "id")
    ]


def body(mail, kind="plain"):
    """Its text."""
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def code_of(mail):
    """The code that a mail brings."""
    return re.search(r"^ {4}([0-9A-Z-]{9})$", body(mail), re.MULTILINE)[1]


def link_in(mail):
    """The path of the link that keeps a trial."""
    return re.search(r"https?://[^/\s]+(/trial/keep/[^\s)]+/)", body(mail))[1]


def tried(client, **said):
    """Through form and code; the stamped mail."""
    assert client.post("/trial/", FORM | said).status_code == 302
    answer = client.post("/trial/code/", {"code": code_of(left()[-1][1])})
    assert (answer.status_code, answer["Location"]) == (302, "/trial/sent/")
    return left()[-1][1]

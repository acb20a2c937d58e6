"""What the demo's company says of itself in notifications and on readers' pages: put in by its API, as programs do."""

from __future__ import annotations

from stationer.client import Client
from stationer.client.shapes import Notifications

ADDRESS, PHONE = "4 Custom House Quay, Falmouth TR11 3JT", "01632 960 140"
#: Below a notification, and below the letter itself.
ABOUT = {
    "en": "Harbour Dental Ltd, registered in England and Wales 0960142. If this is not meant for you, please call us "
    "and delete it.",
    "de": "Harbour Dental Ltd, eingetragen in England und Wales unter 0960142. Ist dies nicht für Sie bestimmt, rufen "
    "Sie uns bitte an und löschen Sie es.",
}
LETTER = {
    "en": "This letter is for the patient alone. What it says of a treatment holds for three months.",
    "de": "Dieser Brief ist allein für die Patientin oder den Patienten bestimmt. Was er über eine Behandlung sagt, "
    "gilt drei Monate.",
}
#: What its pages look like, as `stationer admin set_looks` takes it.
LOOKS = ["--logo", "logo", "--colour", "#0e6e73"]


def introduce(portal: str, token: str) -> int:
    """Footer, telephone and disclaimers for everybody but guests; the version that this made. Raises
    `stationer.client.ClientError`."""
    client = Client(portal, token)
    own = [one.id for one in client.list_packages() if not one.guests]
    said = Notifications(
        address=ADDRESS,
        phone=PHONE,
        tag="[secure]",
        languages=["en"],
        words={},
        notification=dict.fromkeys(own, ABOUT),
        message=dict.fromkeys(own, LETTER),
    )
    return client.put_notifications(said).version

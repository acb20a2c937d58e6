"""The layout of a PEN file: what may stand where (contract/notice.md §7). The schema is made from this."""

from __future__ import annotations

from stationer.notice import FIELDS
from stationer.pick.company.forms import Many, Number, Record, Schema, Table, Text

_package = Record(
    {
        "senders": Many(
            Text(may_be_empty=False), "Addresses, @domain or *: whose mails this package decides of."
        ),
        "notification": Table(Text(), says="The disclaimer of notifications, by language."),
        "message": Table(Text(), says="The disclaimer of secure messages, by language."),
    },
    says="A membership package.",
)
LAYOUT = Record(
    {
        "pen": Record(
            {
                "id": Text("The PEN's id.", may_be_empty=False),
                "name": Text("The company's name.", may_be_empty=False),
                "host": Text("The one host that links lead to.", may_be_empty=False),
                "address": Text("The postal address of the footer."),
                "phone": Text("The telephone number of the footer."),
                "colour": Text("The brand's colour: # and six hexadecimal digits, in quotes."),
                "tag": Text("What in a subject asks for a seal; [secure] unless told, nothing when empty."),
                "logo": Record(
                    {
                        "file": Text(
                            "A PNG, JPEG or GIF beside this file; it travels with each notification."
                        ),
                        "url": Text("Or where it is, on the host."),
                        "width": Number("As shown, in pixels: at most 300."),
                        "height": Number("As shown, in pixels: at most 80."),
                    },
                    required=("width", "height"),
                ),
            },
            required=("id", "name", "host"),
        ),
        "keys": Many(
            Record(
                {
                    "id": Text("A short name.", may_be_empty=False),
                    "public": Text("32 octets in base64.", may_be_empty=False),
                    "private": Text("32 octets in base64. Not in the public half."),
                },
                required=("id", "public"),
            ),
            "Ed25519 keys. The first with a private half signs; all prove.",
        ),
        "languages": Many(
            Text(may_be_empty=False),
            "What notifications are in: one language, or several one below the other.",
        ),
        "words": Table(
            Table(Text(), tuple(FIELDS)), says="Your own words in the place of ours, by language and name."
        ),
        "packages": Table(_package, says="Membership packages by name."),
    },
    required=("pen", "keys"),
)


def schema() -> Schema:
    """The JSON Schema of a PEN file, contract/schemas/pen.schema.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A PEN file of Stationer",
        **LAYOUT.schema(),
    }

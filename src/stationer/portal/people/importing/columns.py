"""What each column of a file of people is: guessed from its heading (English, German) and from what stands in it.

A column is `address`, `aliases`, `groups`, `package`, `a:NAME` (an attribute), or nothing: it is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from stationer.pick.company import PERSON

#: Headings as people write them, without case, accents, blanks and signs.
HEADINGS = {
    "address": "email emailaddress mail mailaddress emailadresse mailadresse primarysmtpaddress "
    "userprincipalname workemail businessemail emailgeschaftlich geschaftlicheemail primaryemail emailwork",
    "aliases": "aliases alias furtheraddresses otheraddresses weitereadressen proxyaddresses aliasadressen",
    "groups": "groups group gruppe gruppen",
    "package": "package membership paket mitgliedschaft",
    "a:name": "name fullname displayname anzeigename vollstandigername vollername mitarbeiter employee person "
    "vorundnachname namevollstandig",
    "a:first_name": "firstname givenname vorname forename rufname",
    "a:last_name": "lastname surname nachname familienname familyname zuname",
    "a:title": "title jobtitle position funktion stelle stellenbezeichnung berufsbezeichnung tatigkeit titel "
    "jobrole role",
    "a:phone": "phone telephone tel telefon telefonnummer phonenumber telephonenumber rufnummer businessphone "
    "officephone workphone festnetz telefongeschaftlich durchwahl businessphones directdial",
    "a:mobile": "mobile mobilephone cell cellphone handy mobil mobiltelefon mobilnummer handynummer mobilenumber",
    "a:website": "website web url homepage webseite internet internetseite www",
    "a:postal": "postaladdress postal anschrift postanschrift officeaddress",
    "a:photo": "photo foto portrait bild picture",
    "a:department": "department dept abteilung bereich fachbereich",
    "a:company": "company firma unternehmen companyname organisation organization",
}
#: What every file that the portal writes has.
OURS = ("address", "aliases", "groups", "package")
_KNOWN = {word: target for target, words in HEADINGS.items() for word in words.split()}


def plain(heading: str) -> str:
    """`E-Mail-Adresse (geschäftlich)` → `emailadressegeschaftlich`."""
    letters = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(c for c in letters if c.isalnum())


def own_name(heading: str) -> str:
    """The name of the attribute that a column with this heading would make; empty where it makes none."""
    letters = unicodedata.normalize("NFKD", heading.casefold().replace("ß", "ss"))
    name = re.sub(r"[^a-z0-9]+", "_", "".join(c for c in letters if not unicodedata.combining(c))).strip("_")
    name = re.sub(r"^[^a-z]+", "", name)[:64]
    return "" if name in PERSON else name


def guess(headings: Sequence[str], samples: Sequence[Sequence[str]], known: Sequence[str]) -> list[str]:
    """What each column is. No target is given twice; `known` are the PEN's attributes."""
    ours = set(OURS) <= set(headings)  # written by people.exporting: every column is what it says
    targets = [_of_heading(heading, headings if ours else known) for heading in headings]
    if "address" not in targets:
        targets = _with_address(targets, samples)
    seen: set[str] = set()
    for place, target in enumerate(targets):
        if target in seen:
            targets[place] = ""
        seen.add(target)
    return targets


def _of_heading(heading: str, known: Sequence[str]) -> str:
    if own_name(heading) in known:
        return f"a:{own_name(heading)}"
    return _KNOWN.get(plain(heading), "")


def _with_address(targets: list[str], samples: Sequence[Sequence[str]]) -> list[str]:
    """The column in most of whose cells one address stands is the address."""

    def hits(place: int) -> int:
        return sum(1 for row in samples if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", row[place].strip()))

    best = max(range(len(targets)), key=hits, default=-1)
    if best >= 0 and hits(best):
        targets[best] = "address"
    return targets

"""A tracked link is made: for nobody in particular, or one for each of several addresses."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stationer import links
from stationer.portal.audit.actor import in_one
from stationer.portal.audit.recording import record
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.valid import normal_address
from stationer.portal.publishing.defining import link_base
from stationer.portal.site.retelling import retold
from stationer.portal.statistics.models import Link
from stationer.portal.statistics.privacy.outs import are_out, here, kept

#: So many addresses get a link each at once.
MOST = 200
LONGEST = 2_000
#: A name is shorter, and on one line: it stands in the subject of alerts. What no line holds, as Unicode calls it.
LONGEST_NAME, NO_LINE = 160, ("Cc", "Cs", "Zl", "Zp")


def web_address(text: str) -> str:
    """The target as it is kept; a bare host gets `https://`. Raises ValidationError for what nobody may be sent to."""
    said = text.strip()
    if said and "://" not in said and not said.startswith(("/", "\\", "#")) and ":" not in said.split("/")[0]:
        said = f"https://{said}"
    if len(said) > LONGEST:
        raise ValidationError(_("This address is too long: {n} characters at most.").format(n=LONGEST))
    if fault := links.fault(said):
        raise ValidationError(retold(fault))
    if urlsplit(said).scheme.lower() not in ("http", "https") or not links.location(said):
        raise ValidationError(_("Only an address of a web page can be followed: it begins with https://."))
    return said


def one_line(name: str) -> str:
    """The name as it is kept. Raises ValidationError for one that no line holds."""
    said = name.strip()
    if any(unicodedata.category(one) in NO_LINE for one in said):
        fault = _("It may have {most} characters, and no control characters.").format(most=LONGEST_NAME)
        raise ValidationError({"name": [fault]})
    return said[:LONGEST_NAME]


def addresses(text: str) -> list[str]:
    """The addresses in this text, one a line or with commas between. Raises ValidationError for one that is none."""
    found = dict.fromkeys(
        normal_address(one)
        for line in text.splitlines()
        for one in line.replace(";", ",").split(",")
        if one.strip()
    )
    if len(found) > MOST:
        raise ValidationError(
            _("These are {n} addresses; {most} at once at most.").format(n=len(found), most=MOST)
        )
    return list(found)


def make(target: str, name: str = "", owner: Member | None = None, people: Sequence[str] = ()) -> list[Link]:
    """One link for each of these people, or one for nobody in particular. Raises ValidationError. Whoever has asked
    not to be followed gets a link that names nobody."""
    leads, called, tracking = web_address(target), one_line(name), here().management().tracking
    if tracking == "off":
        raise ValidationError(
            _("Your company follows no links. Whoever may change its settings can switch that on.")
        )
    with transaction.atomic(), in_one():
        out = are_out(people)
        rows = [
            Link(
                code=secrets.token_hex(12),
                name=called,
                target=leads,
                owner=owner,
                address=kept(one, tracking),
            )
            for one in ["" if one in out else one for one in people or [""]]
        ]
        for row in rows:
            row.full_clean(exclude=() if owner else ("owner",))  # a program makes them for nobody
        Link.objects.bulk_create(rows)
        record("made", "link", str(rows[0]), noun_id=rows[0].outside_id, count=len(rows))
    return rows


def written(pen: Pen, row: Link) -> str:
    """The link as it is pasted into a mail."""
    by = links.signer(pen.outside_id, bytes(pen.mark_key))
    return link_base(pen) + links.sign_sender(by, bytes.fromhex(row.code))

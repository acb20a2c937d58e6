"""The DNS records that a sending domain needs, each with what is wrong with it now."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

from django.conf import settings
from django.utils.translation import gettext as _

from stationer.portal.access import domains, link_domain
from stationer.portal.people.models import Pen
from stationer.portal.reputation.models import SendingDomain
from stationer.repute import Finding, signing

#: An Ed25519 key has so many octets.
ED25519 = 32


@dataclass(frozen=True)
class Record:
    """What to publish: `of` names the checks that are about it. An empty `value`: nothing can be said yet, and `why`
    says why."""

    of: str
    title: str
    kind: str
    name: str
    value: str
    why: str
    wrong: list[Finding] = field(default_factory=list)


def records(pen: Pen, row: SendingDomain) -> list[Record]:
    """In the order in which somebody would publish them."""
    found = [_spf(row), _dkim(row), _dmarc(row)]
    if row.bounce and settings.PORTAL.sending.bounces_to:
        why = _("Bounces come back to where they are counted, and not to your own mailboxes.")
        value = f"10 {settings.PORTAL.sending.bounces_to}."
        found.append(Record("mx", _("Where bounces go"), "MX", row.return_path, value, why))
    return [*found, _links(pen, row)]


def told(wanted: list[Record], findings: list[Finding]) -> tuple[list[Record], list[Finding]]:
    """The same with what is wrong with each, and what is about none of them."""
    own = {one.of: [f for f in findings if _is_about(one, f)] for one in wanted}
    rest = [f for f in findings if not any(f in some for some in own.values())]
    return [replace(one, wrong=own[one.of]) for one in wanted], rest


def _is_about(record: Record, finding: Finding) -> bool:
    if finding.rule == "dns-silent":
        return finding.saw.get("name") == record.name and finding.saw.get("kind") == record.kind
    at_home = record.of != "mx" or finding.saw.get("domain") == record.name
    return finding.rule.startswith(f"{record.of}-") and at_home


def _spf(row: SendingDomain) -> Record:
    sending = settings.PORTAL.sending
    ours = [f"include:{sending.spf}"] if sending.spf else [_written(one) for one in sending.addresses]
    why = _(
        "It says which servers may send for this domain. If there is one already, add the middle part to it."
    )
    value = " ".join(["v=spf1", *ours, "-all" if row.bounce else "~all"])
    if not ours:
        value, why = "", _("Whoever runs this installation has not said yet what its mail leaves from.")
    return Record("spf", _("Who may send (SPF)"), "TXT", row.return_path or row.name, value, why)


def _written(address: str) -> str:
    return f"ip{ip_address(address).version}:{address}"


def _dkim(row: SendingDomain) -> Record:
    title = _("The key of signatures (DKIM)")
    if not row.selector:
        why = _("Say below under which selector your mail is signed. Whoever runs your mail server knows it.")
        return Record("dkim", title, "TXT", signing.name_of("…", row.name), "", why)
    name = signing.name_of(row.selector, row.name)
    if not row.key:
        why = _(
            "Only whether there is a key is looked at. Paste the public key below, and it is compared as well."
        )
        return Record("dkim", title, "TXT", name, "", why)
    kind = "ed25519" if len(b64decode(row.key)) == ED25519 else "rsa"
    why = _("With it receivers verify that nobody has changed a mail, and that it is yours.")
    return Record("dkim", title, "TXT", name, f"v=DKIM1; k={kind}; p={row.key}", why)


def _dmarc(row: SendingDomain) -> Record:
    above = [zone for zone in domains.proven() if row.name == zone or row.name.endswith(f".{zone}")]
    reports = min(above, key=len, default=row.name)
    why = _(
        "It says what becomes of mail that is not yours. Begin with none, read the reports, then say quarantine."
    )
    value = f"v=DMARC1; p=none; rua=mailto:postmaster@{reports}"
    return Record("dmarc", _("What becomes of forgeries (DMARC)"), "TXT", f"_dmarc.{row.name}", value, why)


def _links(pen: Pen, row: SendingDomain) -> Record:
    entry = link_domain.entry(pen.link_host or f"links.{row.name}")
    if pen.link_host:
        why = _("Your link domain, so that links in your mails belong to you as well.")
    else:
        why = _("You have no link domain yet; this would be a good name. Choose it under “Your link domain”.")
    return Record("link", _("Links"), entry.kind, entry.name, entry.value, why)

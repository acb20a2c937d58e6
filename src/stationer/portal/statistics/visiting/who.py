"""Who it was, as it may be said: the address; or one of several; or somebody, where the mail went to nobody we know.

Of a link with one recipient it was that address, or somebody to whom it was forwarded; of several it was one of them,
and no more is claimed (contract/links.md §5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: So many domains are named in a phrase.
MOST = 2


@dataclass(frozen=True)
class Visitor:
    """`address` is set when it is known who it was; `said` is how it is put in a sentence. `people` recipients the
    edge was told, at `domains`; `unnamed`: others may have had it too."""

    said: str
    address: str = ""
    people: int = 0
    unnamed: bool = False
    domains: tuple[str, ...] = ()


def of_mail(count: int, unnamed: bool, addresses: Sequence[str]) -> Visitor:
    """The reader of a mail that went to `count` recipients that the edge was told, with these addresses or
    `@domain`s; `unnamed`: others (Bcc) may have had it too."""
    alone = count == 1 and len(addresses) == 1
    domains = tuple(dict.fromkeys(one.rpartition("@")[2] for one in addresses if "@" in one))
    if not addresses:
        said = _("somebody who is not known")
    elif count > 1:
        where = ", ".join(domains[:MOST]) + (" …" if len(domains) > MOST else "")
        said = _("one of {n} at {where}").format(n=count, where=where)
    else:
        said = _one(addresses[0])
    if unnamed and addresses:
        said = _("{who}, or somebody in Bcc").format(who=said)
    known = alone and not unnamed and not addresses[0].startswith("@")
    return Visitor(said, addresses[0] if known else "", count, unnamed, domains)


def _one(address: str) -> str:
    """An address; where a PEN keeps domains alone, somebody there; where it was masked, that it was."""
    if address.startswith("@"):
        return _("somebody at {domain}").format(domain=address[1:])
    return address


def of_link(address: str) -> Visitor:
    """The reader of a link that a sender made, for that address or for nobody in particular."""
    if not address:
        return Visitor(_("somebody with this link"))
    return Visitor(address, address, 1, False, (address.rpartition("@")[2],))

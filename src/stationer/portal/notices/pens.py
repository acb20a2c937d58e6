"""A PEN as the craft `notice` takes it: its host, keys, brand, words and packages (contract/notice.md §6)."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import msgspec

from stationer.notice import Key, Package, is_loopback
from stationer.notice import Pen as NoticePen
from stationer.portal.notices import keys
from stationer.portal.notices.models import Wording, WordingVersion
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.models import Package as MemberPackage
from stationer.portal.people.rules import package_of
from stationer.portal.site.letterhead import COLOUR

#: The colour of a PEN that has none of its own.
INK = "#1d3557"


def host_of(pen: Pen) -> str:
    """The host that its links lead to: that of `pen.url`; on one's own machine with its port."""
    try:
        at = urlsplit(pen.url)
        name, port = (at.hostname or "").lower(), at.port
    except ValueError:  # a port that is none
        return ""
    name = f"[{name}]" if ":" in name else name
    local = f"{name}:{port}" if port else name
    return local if is_loopback(local) else name


def wording() -> Wording:
    """What the notifications of the PEN in scope say now."""
    row = WordingVersion.objects.first()
    return msgspec.convert(row.said, Wording) if row else Wording()


def notice_pen(pen: Pen, author: str = "") -> NoticePen:
    """The PEN of the scope, with its keys. It signs nothing (`signing_key` is None) when they do not open any more.

    Packages go by their outside id, and name their members as senders; the one of guests is of everyone else (`*`).
    With an `author` only theirs is there, of them alone: enough for one mail, and quicker. Raises nothing for what is
    wrong in the words: `stationer.notice.faults` says that.
    """
    return drawn(pen, wording(), _packages(author), tuple(map(keys.key_of, keys.in_force())))


def drawn(pen: Pen, said: Wording, senders: dict[str, tuple[str, ...]], held: tuple[Key, ...]) -> NoticePen:
    """The same of a wording that need not be kept yet; `senders` by the outside id of their package."""
    looks = str(pen.looks().get("colour", ""))
    return NoticePen(
        id=pen.outside_id,
        name=pen.name,
        host=host_of(pen),
        keys=held,
        address=said.address,
        phone=said.phone,
        colour=looks if COLOUR.fullmatch(looks) else INK,
        tag=said.tag,
        languages=said.languages,
        words=said.words,
        packages={
            package: Package(named, said.notification.get(package, {}), said.message.get(package, {}))
            for package, named in senders.items()
        },
    )


def _packages(author: str) -> dict[str, tuple[str, ...]]:
    """Who sends, by the outside id of their package."""
    if author:
        row = package_of(author)
        return {row.outside_id: (author,)}
    rows = list(MemberPackage.objects.all())
    senders: dict[uuid.UUID, list[str]] = {row.pk: [] for row in rows}
    for package, address, aliases in Member.objects.values_list("package_id", "address", "aliases"):
        senders[package] += [address, *aliases]
    return {row.outside_id: (*senders[row.pk], *(("*",) if row.guests else ())) for row in rows}

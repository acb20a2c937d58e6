"""From the written mail to what leaves and what is filed.

Fails open: in doubt the mail leaves as written (law 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime

from stationer import mime, smtp, stamp
from stationer.agent.reading import Reading
from stationer.outbox.seen import Outfit
from stationer.wire.journal import Carried


@dataclass(frozen=True)
class CopyOrder:
    """One copy: for whom, and its blocks, ready to put in; `linked`: the same where pictures cannot come along.

    `index` is its own in the answer, `messages` are the marks of its messages; `rest`: somebody gets it whom the edge
    was not told; `marked`: the edge calls it the copy of the rest; `templates`: its blocks without campaigns.
    """

    recipients: tuple[str, ...]
    blocks: tuple[stamp.Block, ...]
    linked: tuple[stamp.Block, ...] = ()
    index: int = 0
    messages: tuple[str, ...] = ()
    rest: bool = True
    marked: bool = False
    templates: tuple[stamp.Block, ...] = ()

    def carried(self, stamped: bool) -> Carried:
        """What is told of it afterwards."""
        used = self.messages if stamped else ()
        return Carried(self.index, used, untouched=not stamped, rest=self.rest)


@dataclass(frozen=True)
class Dressed:
    """The outgoing copies (with Bcc, the first is what is filed) and what the journal says of them."""

    outfit: Outfit
    copies: tuple[bytes, ...]


def named(mail: bytes, reading: Reading, run: int, now_ms: int) -> tuple[bytes, str]:
    """The mail with Message-ID and Date if its author's program gave none (contract/journal.md §2); the
    Message-ID.
    """
    message_id = reading.message_id
    if not mime.header_values(mail, "Date"):
        date = format_datetime(datetime.fromtimestamp(now_ms / 1_000, UTC))
        mail = mime.with_header(mail, "Date", date)
    if not message_id:
        message_id = own_message_id(reading.key, run, reading.sender)
        mail = mime.with_header(mail, "Message-ID", message_id)
    return mail, message_id


def own_message_id(key: str, run: int, address: str) -> str:
    """A Message-ID that the same mail gets again, whenever it is made."""
    domain = address.rpartition("@")[2]
    if not domain.isascii() or not domain.replace("-", "").replace(".", "").isalnum():
        domain = "stationer.invalid"
    return f"<{key}.{run}@{domain}>"


def dress(
    mail: bytes,
    reading: Reading,
    orders: Sequence[CopyOrder],
    *,
    run: int,
    now_ms: int,
    outcome: str,
    pick: str = "",
    most: int = 0,
) -> Dressed:
    """Each copy stamped; untouched ones, and all without blocks, as written. `most`: octets that the server takes."""
    base, message_id = named(mail, reading, run, now_ms)
    copies, reasons, ids, carried = [], [], [], []
    for order in orders:
        if not order.blocks:
            copies.append(base)
            reasons.append("nothing to put in")
            carried.append(order.carried(False))
            continue
        result = _stamped(base, order, pick, most)
        carried.append(order.carried(not isinstance(result, stamp.Untouched)))
        if isinstance(result, stamp.Untouched):
            copies.append(base)
            reasons.append(result.reason)
        else:
            copies.append(result.bytes())
            ids.append(result.id)
    return Dressed(
        Outfit(
            outcome=outcome if ids else "untouched",
            sender=reading.sender,
            message_id=message_id,
            copies=tuple(order.recipients for order in orders),
            reason="" if ids else reasons[0],
            stamp=ids[0] if ids else "",
            pick=pick,
            carried=tuple(carried),
        ),
        tuple(copies),
    )


def for_all(orders: Sequence[CopyOrder], reading: Reading) -> tuple[CopyOrder, ...]:
    """One copy for everybody: what is sealed is one mail with one content, and nobody gets what is for others.

    The copy of the rest; else the one that names everybody; else the only one that names outsiders, if it names them
    all; else none but templates.
    """
    everybody, domain = set(reading.recipients), _domain(reading.sender)
    outsiders = {one for one in everybody if _domain(one) != domain}
    named = [(order, () if order.rest else order.recipients) for order in orders]
    clear = (
        [order for order in orders if order.marked]
        or [order for order, people in named if everybody <= set(people)]
        or [order for order, people in named if outsiders and outsiders <= set(people)]
    )
    if clear:
        return (replace(clear[0], recipients=reading.recipients),)
    bare = replace(orders[0], blocks=orders[0].templates, linked=(), messages=())
    return (replace(bare, recipients=reading.recipients),)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _stamped(mail: bytes, order: CopyOrder, pick: str, most: int) -> stamp.Stamped | stamp.Untouched:
    """With its pictures inside, unless the mail cannot take them in or becomes larger than the server accepts."""
    result = stamp.stamp(mail, stamp.Order(pick or None, order.blocks))
    refused = isinstance(result, stamp.Untouched) or 0 < most < sum(map(len, result.segments))
    if refused and order.linked:
        return stamp.stamp(mail, stamp.Order(pick or None, order.linked))
    return result


def as_written(mail: bytes, reading: Reading, *, run: int, now_ms: int, reason: str) -> Dressed:
    """The mail without stationery."""
    base, message_id = named(mail, reading, run, now_ms)
    outfit = Outfit("plain", reading.sender, message_id, (reading.recipients,), reason)
    return Dressed(outfit, (base,))


def on_the_wire(copy: bytes) -> bytes:
    """What recipients get: without Bcc (RFC 5322 §3.6.3), line ends as on the wire, every other byte the same.

    The line ends first: behind a bare CR a Bcc is no field yet, and would become one on the wire.
    """
    return mime.without_headers(smtp.evened(copy), frozenset({"Bcc", "Resent-Bcc"}))

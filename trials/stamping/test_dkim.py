"""A mail that was stamped before it was signed verifies; one that is stamped afterwards does not (RFC 6376).

Outbox → agent → Postfix with OpenDKIM (RSA relaxed/relaxed and simple/simple, Ed25519 relaxed/relaxed) → Dovecot;
dkimpy verifies. The other way round dkimpy signs in all four ways, and OpenDKIM verifies.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stationer.stamp import Block, Order, Stamped, stamp
from trials.servers.agents import Agents
from trials.servers.mailbox import Mailbox
from trials.servers.opendkim import Keys, verdicts
from trials.servers.people import Person
from trials.servers.postfix import Postfix
from trials.servers.workshop import Workshop
from trials.stamping.compare import field_names, without, without_trace
from trials.stamping.many import identity, sent_by
from trials.stamping.matrix import CORPORA, GOLDEN, others, own

pytestmark = pytest.mark.timeout(900)
Mailboxes = Callable[[Person], Mailbox]
SIGNED = (b"from", b"to", b"subject", b"date", b"message-id", b"content-type", b"stationer-stamp")
WAYS = [(algorithm, way) for algorithm in ("rsa", "ed25519") for way in ("relaxed/relaxed", "simple/simple")]
LATE = Order("too-late", (Block("footer", "<p>Too late</p>", "Too late"),))


@pytest.fixture(
    scope="module",
    params=["ours", pytest.param("all", marks=[pytest.mark.long, pytest.mark.timeout(1800)])],
)
def written(request: pytest.FixtureRequest) -> dict[bytes, tuple[str, bytes]]:
    """Mails by their Message-ID, with their names: every shape and some golden mails; or all golden mails, and
    those of other projects where there are any."""
    mails = (
        [*own(), *[*others(GOLDEN)][::5]] if request.param == "ours" else [*others(GOLDEN), *others(CORPORA)]
    )
    return {identity(mail): (name, mail) for name, mail in mails}


def test_every_stamped_mail_verifies_after_postfix_and_opendkim(
    agent: Agents,
    mailbox: Mailboxes,
    signing_postfix: Postfix,
    dkim_keys: Keys,
    written: dict[bytes, tuple[str, bytes]],
    record_property: Callable[[str, object], None],
) -> None:
    agent(smtp=signing_postfix.port)
    broken, changed, unstamped, held = [], [], [], 0
    by_milter = len(signing_postfix.milters)
    for name, arrived, sent in sent_by(mailbox, written):
        verified = dkim_keys.verify(arrived)
        held += sum(verified)
        broken += [name] if verified != [True] * by_milter else []
        # what the signers saw is what we sent: no field folded anew, no line cut
        carried = without_trace(without(arrived, (b"dkim-signature",)))
        changed += [name] if carried not in (sent, sent + b"\r\n") else []  # SMTP ends the last line
        unstamped += [name] if "stationer-stamp" not in field_names(sent) else []
    record_property("mails", len(written))
    record_property("signatures verified", held)
    print(f"\n{len(written)} mails, {held} of {len(written) * by_milter} signatures verified")
    assert (broken, changed, unstamped) == ([], [], [])


def stamped(mails: dict[bytes, tuple[str, bytes]], order: Order) -> list[bytes]:
    """All mails under one order."""
    found = (stamp(mail, order) for _, mail in mails.values())
    return [b"".join(each.segments) for each in found if isinstance(each, Stamped)]


@pytest.mark.parametrize(("algorithm", "way"), WAYS, ids=[" ".join(each) for each in WAYS])
def test_what_dkimpy_signed_opendkim_verifies_and_a_later_stamp_breaks(
    workshop: Workshop, signing_postfix: Postfix, dkim_keys: Keys, algorithm: str, way: str,
    written: dict[bytes, tuple[str, bytes]],
) -> None:  # fmt: skip
    dressed = stamped(written, Order("in-time", (Block("signature", "<p>Ünser Block</p>", "Ünser Block"),)))
    assert len(dressed) == len(written)
    signed = [dkim_keys.sign(mail, algorithm, way, list(SIGNED)) for mail in dressed]
    assert [dkim_keys.verify(mail) for mail in signed] == [[True]] * len(signed)
    # OpenDKIM reads files in a way of its own: what it takes unstamped, it takes stamped
    before = [dkim_keys.sign(mail, algorithm, way, list(SIGNED)) for _, mail in written.values()]
    taken = verdicts(workshop("verdicts"), dkim_keys, before)
    assert verdicts(workshop("verdicts"), dkim_keys, signed) == taken
    assert sum(taken) >= 0.98 * len(taken)
    late = [b"".join(found.segments) for mail in signed if isinstance(found := stamp(mail, LATE), Stamped)]
    assert len(late) == len(signed)
    assert not any(any(dkim_keys.verify(mail)) for mail in late)
    assert not any(verdicts(workshop("verdicts"), dkim_keys, late))

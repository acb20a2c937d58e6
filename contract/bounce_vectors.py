"""Vectors of bounces (contract/delivery.md §9): mails and what they report, codes and what they mean, Return-Paths."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from contract.bounce_samples import SAMPLES, sample

from stationer import bounces

KEY = bytes(range(32))
MAILBOX = "bounces@mail.acme.example"
WORDS = (
    ("5.1.1", ""), ("5.1.10", ""), ("5.2.1", ""), ("5.2.2", ""), ("5.4.4", ""), ("5.4.7", ""),
    ("5.7.1", "user unknown"),    ("5.6.0", ""), ("4.2.1", "no such user"),
    ("5.0.0", "550 no such user here"), ("5.0.0", "552 mailbox is full"),
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied"), ("5.4.1", "no answer from host"), ("", "554 no"),
    ("5.1.8", "sender's domain does not exist"), ("5.1.0", "554 delivery error: not a valid recipient"),
)  # fmt: skip
REPLIES = (
    "550 5.1.1 <bob@example.org>: no", "550-5.0.0 something\n550 5.7.26 DMARC", "550 no", "452: full", "10.5.1.1 said",
    "5.1.1.1", "nothing", "2.1.5 taken",
)  # fmt: skip


def _paths() -> list[dict[str, Any]]:
    made = bounces.Returning(MAILBOX, KEY)
    ids = [bytes(16), bytes(range(16)), b"\xff" * 16]
    days = [date(2026, 11, 2), date(2020, 1, 1), date(2100, 1, 1)]
    return [
        {"recipient": one.hex(), "last": day.isoformat(), "address": made.address(one, day)}
        for one, day in zip(ids, days, strict=True)
    ]


def vectors() -> dict[str, str]:
    """Path → text."""
    reports = [
        {"name": name, "mail": SAMPLES[name], "report": bounces.read(sample(name))} for name in SAMPLES
    ]
    kinds = [
        {"status": status, "said": said, "kind": bounces.kind_of(status, said)} for status, said in WORDS
    ]
    codes = [{"said": said, "status": bounces.status_of(said)} for said in REPLIES]
    told: dict[str, Any] = {
        "reports": reports,
        "statuses": {"kinds": kinds, "codes": codes},
        "returning": {"mailbox": MAILBOX, "key": KEY.hex(), "paths": _paths()},
    }
    return {
        f"contract/vectors/bounces/{name}.json": msgspec.json.format(
            msgspec.json.encode(value), indent=2
        ).decode()
        + "\n"
        for name, value in told.items()
    }

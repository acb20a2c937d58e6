"""What a reader answered to a letter: when, to whom, what became of it, and where it can be read again."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from stationer import show
from stationer.portal.reading.sittings import Reader
from stationer.portal.vault.models import Event, SecureMessage

#: How many of them a page names, the newest.
MOST = 20


@dataclass(frozen=True)
class Answer:
    """One answer. `state`: of the message that it is; `whom`: names of those it went to; `sentence`: why it did not
    leave."""

    id: uuid.UUID
    at: datetime
    locator: str
    state: str
    whom: tuple[str, ...]
    sentence: str


def answers_of(message: SecureMessage, reader: Reader) -> list[Answer]:
    """This reader's answers to this letter, the newest first."""
    rows = Event.objects.filter(message=message, what=Event.What.ANSWERED, address__in=reader.addresses)
    times: dict[uuid.UUID, datetime] = {}
    for at, evidence in rows.order_by("-at", "-id").values_list("at", "evidence")[:MOST]:
        with suppress(KeyError, ValueError):
            times[uuid.UUID(evidence["answer"])] = at
    kept = SecureMessage.objects.in_bulk(times)
    return [_answer(kept[key], at) for key, at in times.items() if key in kept]


def _answer(row: SecureMessage, at: datetime) -> Answer:
    whom = tuple(show.person(name, address) for name, address in [*row.to, *row.cc])
    return Answer(row.pk, at, row.locator, row.state, whom, row.sentence)

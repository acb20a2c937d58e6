"""The stationery of each mail: asked for at the edge, or the last good one when the edge is in trouble."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from stationer import stamp
from stationer.agent.choosing import Chosen, choose, templates
from stationer.agent.dressing import CopyOrder
from stationer.agent.edge import Edge, EdgeError
from stationer.agent.illustrating import blocks_of, digests, linked
from stationer.agent.journal import Journal
from stationer.agent.reading import Reading
from stationer.outbox.seen import Stationery, Trouble
from stationer.watch.log import Voice, person
from stationer.wire.content import Block
from stationer.wire.pick import Answer, Candidate, Question
from stationer.wire.words import SLOTS, VARIANTS, Slot, Variant

#: How long to leave the edge alone after the n-th failure in a row.
REST_MS = (1_000, 2_000, 3_000, 5_000)
voice = Voice("agent")
KEPT = msgspec.json.Decoder(list[tuple[Slot, Candidate]])


@dataclass(frozen=True)
class Prepared:
    """An answer made ready: the pick's id, and what each copy carries."""

    pick: str
    orders: tuple[CopyOrder, ...]


class Asking:
    """Asks for one mailbox. One mail that fails spares the others the same wait: `ready_at` is for all."""

    def __init__(self, edge: Edge, journal: Journal, mailbox: str, hold_limit_ms: int) -> None:
        self._edge, self._journal, self._mailbox = edge, journal, mailbox
        kept = journal.recall(f"hold-limit {mailbox}")
        self.hold_limit_ms = int(kept) if kept else hold_limit_ms
        self.ready_at, self._failures, self.trouble = 0, 0, ""
        self.answers: dict[str, Stationery | Trouble] = {}
        self.prepared: dict[str, Prepared] = {}

    def ask(self, reading: Reading, mail: bytes, patience_ms: int, mono: int) -> None:
        """Ask, and keep the answer or the trouble under the mail's key."""
        end = time.monotonic() + patience_ms / 1_000
        variant, marks = stamp.variant(mail), stamp.marks_in_quote(mail)
        try:
            answered = self._edge.ask(
                Question(reading.sender, list(reading.to), list(reading.cc)), _left(end)
            )
            known = self._all_blocks(answered.answer, _left(end))
            chosen = choose(answered.answer, variant, marks, reading.shown, reading.bcc)
            octets = self._pictures(known, _left(end))
            orders = tuple(_order(copy, known, octets) for copy in chosen)
            self.prepared[reading.key] = Prepared(answered.answer.pick, orders)
        except EdgeError as error:
            self._failed(reading.key, error.trouble, mono + patience_ms - _left(end))
            return
        except ValueError as error:  # a mark, a slot or an id that stamp does not take
            self._failed(reading.key, Trouble(f"the edge's answer cannot be used: {error}"), mono)
            return
        self._answered(reading, answered.answer, answered.hold_limit_ms)

    def _all_blocks(self, answer: Answer, patience_ms: int) -> dict[str, Block]:
        """Every block that the answer names, in sorted order, those of variants and candidates not taken as well.

        Law 3: what is asked for and whether the answer is accepted tell the edge nothing of the mail, neither
        whether it is a reply nor what stands in its quote. Raises EdgeError, and ValueError for an answer that
        stamp does not take.
        """
        named = [
            (slot, one)
            for copy in answer.copies
            for variant in VARIANTS
            for slot in SLOTS
            for one in getattr(getattr(copy, variant), slot)
        ]
        known = self._edge.blocks(sorted({one.block for _, one in named}), patience_ms)
        blocks_of(named, known, {})
        return known

    def _pictures(self, known: Mapping[str, Block], patience_ms: int) -> dict[str, bytes]:
        """The octets that are to be had; blocks that lack one are linked, and the log says so."""
        wanted = digests(known.values())
        found = self._edge.pictures(wanted, patience_ms)
        if missing := len(wanted) - len(found):
            voice.warning("pictures-linked", mailbox=person(self._mailbox), missing=missing)
        return found

    def _failed(self, key: str, trouble: Trouble, mono: int) -> None:
        self.answers[key], self.trouble = trouble, trouble.why
        if not trouble.lasting:
            self._failures += 1
            self.ready_at = mono + REST_MS[min(self._failures, len(REST_MS)) - 1]

    def _answered(self, reading: Reading, answer: Answer, hold_limit_ms: int | None) -> None:
        self.answers[reading.key] = Stationery(answer.pick)
        self.ready_at, self._failures, self.trouble = 0, 0, ""
        if hold_limit_ms is not None and hold_limit_ms != self.hold_limit_ms:
            self.hold_limit_ms = hold_limit_ms
            self._journal.remember(f"hold-limit {self._mailbox}", str(hold_limit_ms))
        rest = next((copy for copy in answer.copies if copy.rest), answer.copies[0])
        for variant in VARIANTS:
            kept = msgspec.json.encode(templates(getattr(rest, variant)))
            self._journal.keep_last_good(self._mailbox, reading.sender.lower(), variant, kept)

    def _kept(self, sender: str, variant: Variant) -> list[tuple[Slot, Candidate]]:
        kept = self._journal.last_good(self._mailbox, sender.lower(), variant)
        return KEPT.decode(kept) if kept else []

    def last_good(self, reading: Reading, mail: bytes) -> Prepared | None:
        """The last good stationery for this sender and variant, or None: templates alone, plain link
        targets.
        """
        marks = stamp.marks_in_quote(mail)
        wanted = [
            (slot, one)
            for slot, one in self._kept(reading.sender, stamp.variant(mail))
            if one.mark not in marks
        ]
        known = {one.block: block for _, one in wanted if (block := self._edge.cached(one.block))}
        octets = {
            digest: data for digest in digests(known.values()) if (data := self._edge.album.get(digest))
        }
        order = _order(Chosen(reading.recipients, tuple(wanted), marked=True), known, octets)
        return Prepared("", (order,)) if order.blocks else None

    def forget(self, key: str) -> None:
        """The mail is gone."""
        self.answers.pop(key, None)
        self.prepared.pop(key, None)

    def close(self) -> None:
        """Close the connections to the edge."""
        self._edge.close()


def _order(copy: Chosen, known: Mapping[str, Block], octets: Mapping[str, bytes]) -> CopyOrder:
    """What a copy carries, with the pictures that are there."""
    blocks = blocks_of(copy.candidates, known, octets)
    messages = tuple(one.mark for _, one in copy.candidates if one.kind == "message")
    alone = blocks_of([(slot, one) for slot, one in copy.candidates if one.kind == "template"], known, octets)
    there = linked(copy.candidates, known)
    return CopyOrder(copy.recipients, blocks, there, copy.index, messages, copy.rest, copy.marked, alone)


def _left(end: float) -> int:
    """Milliseconds until `end`, at least 1."""
    return max(1, int((end - time.monotonic()) * 1_000))

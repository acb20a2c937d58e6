"""(case, mail, what the command did) → marks: for each law that asks something of this mail, whether it held.

Pure but for the inserter that it is given for a second run (twice, and the reply to a stamped mail).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from stationer.conformance import bodies, framing, pairing, whole
from stationer.conformance.cases import Block, Case
from stationer.conformance.laws import DEEDS
from stationer.conformance.running import Inserter, Run
from stationer.conformance.threads import reply_to
from stationer.conformance.trip import Trip

Check = Callable[[Trip], str | None]

#: What is asked of a mail that is to be stamped, in the laws' order.
CHECKS: dict[str, Check] = {
    "inserted": bodies.inserted,
    "place": bodies.place,
    "exact": bodies.exact,
    "shown": bodies.as_shown,
    "structure": framing.structure,
    "headers": framing.headers,
    "dkim": framing.dkim,
    "charset": bodies.charset,
    "transfer": framing.coding,
    "lines": framing.lines,
    "line-ends": framing.line_ends,
    "flowed": bodies.flowed,
    "signature": bodies.signature,
    "related": bodies.related,
    "attachments": framing.attachments,
    "message": framing.messages,
    "word": bodies.word,
}
#: Exit codes: 0 is a mail to send; 3 says "untouched", with the same bytes or nothing on standard output.
DONE, UNTOUCHED = 0, 3
MOST_SECONDS, MOST_MEMORY = 10.0, 512_000_000


class Mark(NamedTuple):
    """Whether one law held for one mail; `said`: what happened when it did not."""

    law: str
    held: bool
    said: str


class Verdict(NamedTuple):
    """All marks of one case, and the run they judge. `output` is what the last run gave."""

    case: Case
    marks: tuple[Mark, ...]
    run: Run
    output: bytes

    @property
    def held(self) -> bool:
        """Whether every law held."""
        return all(mark.held for mark in self.marks)


def judge(case: Case, mail: bytes, insert: Inserter, block: Block) -> Verdict:
    """Run the inserter over the case's mail and judge what it made of it."""
    run = insert(mail)
    output = mail if run.code == UNTOUCHED and not run.output else run.output
    if case.expect == "garbage":
        refused = run.code not in (DONE, UNTOUCHED)
        said = {"answers": run.trouble, "garbage": run.trouble or whole.nothing_lost(mail, output, refused)}
    elif trouble := _trouble(run, mail, output):
        said = dict.fromkeys(_asked(case, mail, block), trouble)
    elif case.expect == "leave":
        said = {"answers": "", case.group: whole.left_alone(Trip(case, mail, output, block))}
    elif case.expect == "thread":
        said, output = _threaded(case, output, insert, block)
    else:
        said = {"answers": "", **_stamped(Trip(case, mail, output, block), run, insert)}
    return Verdict(case, tuple(Mark(law, not what, what) for law, what in said.items()), run, output)


def _trouble(run: Run, mail: bytes, output: bytes) -> str:
    """Why there is nothing to judge."""
    if run.trouble:
        return run.trouble
    if run.code not in (DONE, UNTOUCHED):
        return f"it ended with exit code {run.code}"
    if run.code == UNTOUCHED and output != mail:
        return "it said untouched and gave another mail"
    return "" if output.strip() else "it gave nothing"


def _asked(case: Case, mail: bytes, block: Block) -> list[str]:
    """The laws that ask something of this mail, found by judging the mail itself."""
    if case.expect != "insert":
        return ["answers", "thread" if case.expect == "thread" else case.group]
    trip = Trip(case, mail, mail, block)
    asked = [law for law, check in CHECKS.items() if check(trip) is not None]
    return ["answers", *asked, *(["twice"] if case.twice else []), *(["large"] if case.large else [])]


def _stamped(trip: Trip, run: Run, insert: Inserter) -> dict[str, str]:
    """Every law's finding for a mail that is to be stamped."""
    found = {law: what for law, check in CHECKS.items() if (what := check(trip)) is not None}
    if trip.case.twice:
        again = insert(trip.output)
        output = trip.output if again.code == UNTOUCHED and not again.output else again.output
        second = Trip(trip.case, trip.mail, output, trip.block)
        found["twice"] = _trouble(again, trip.output, output) or whole.twice(trip, second)
    if trip.case.large:
        found["large"] = _large(run)
    if not trip.standing:
        found |= {law: "nothing was put in" for law in found if law in DEEDS and not found[law]}
    return found


def _large(run: Run) -> str:
    """Within the time and the memory that the law gives."""
    if run.seconds > MOST_SECONDS:
        return f"it took {run.seconds:.1f} s"
    return f"it took {run.memory // 1_000_000} MB of memory" if run.memory > MOST_MEMORY else ""


def _threaded(case: Case, stamped: bytes, insert: Inserter, block: Block) -> tuple[dict[str, str], bytes]:
    """Quote the stamped mail, run the reply through, and judge that."""
    if not _stands(stamped, block):
        return {"answers": "", "thread": "nothing was put in"}, stamped
    mail, truth = reply_to(stamped, case)
    run = insert(mail)
    output = mail if run.code == UNTOUCHED and not run.output else run.output
    trouble = _trouble(run, mail, output)
    return {"answers": trouble, "thread": trouble or whole.thread(Trip(truth, mail, output, block))}, output


def _stands(stamped: bytes, block: Block) -> bool:
    """Whether the block is in any decoded body."""
    texts = [
        pairing.text(part) for part in pairing.leaves(pairing.mail_of(stamped)) if part.type[:5] == "text/"
    ]
    return any(token in text for text in texts for token in (block.html_token, block.text_token))

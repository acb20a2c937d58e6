"""POST /v1/pick: the question a client asks, and the answer (contract/http.md §1)."""

from __future__ import annotations

import msgspec

from stationer.wire.words import Kind


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Addresses and nothing else: law 3. Unknown keys are refused."""

    from_: str
    to: list[str]
    cc: list[str]


class Candidate(msgspec.Struct, frozen=True):
    """One block that may stand in a slot: its name, its mark, and a token for each of its numbered links.

    `links` may be empty: the block's own plain targets are used then.
    """

    block: str
    mark: str
    kind: Kind
    links: list[str] = []


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one variant of the mail carries: for each slot an ordered list of candidates.

    The client puts in every `template` candidate, and after them the first `message` candidate; a candidate
    whose mark already stands in the quote is passed over.
    """

    top: list[Candidate] = []
    signature: list[Candidate] = []
    banner: list[Candidate] = []
    footer: list[Candidate] = []


class Copy(msgspec.Struct, frozen=True):
    """One copy of the mail: for which recipients (indices into `to` followed by `cc`), and its three variants."""

    to: list[int]
    rest: bool
    new: Choice
    reply: Choice
    forward: Choice


class Answer(msgspec.Struct, frozen=True):
    """The pick: an id that is new for each request, and the copies. Exactly one copy has `rest`."""

    pick: str
    copies: list[Copy]

"""The vectors of contract/vectors/links, as another implementation would read them."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path

import pytest

from stationer import links

FOLDER = Path(__file__).parents[2] / "contract" / "vectors" / "links"
TOKENS = json.loads((FOLDER / "tokens.json").read_text())
TARGETS = json.loads((FOLDER / "targets.json").read_text())
BY = links.signer(TOKENS["pen"], bytes.fromhex(TOKENS["mark_key"]))


def test_tokens_are_what_the_contract_says_byte_by_byte() -> None:
    for mail in TOKENS["mail"]:
        for number, token in mail["tokens"].items():
            head = b"\1" + bytes.fromhex(TOKENS["name"]) + bytes.fromhex(mail["pick"]) + bytes([mail["copy"]])
            head += bytes.fromhex(mail["content"])
            group, place = divmod(int(number), 6)
            keyed = blake2b(head + bytes([group]), key=BYTES, person=b"stationer-link").digest()
            assert links.raw_of(token) == head + bytes([int(number)]) + keyed[place * 10 : place * 10 + 10]
            found = links.read(token)
            assert found is not None
            assert links.proven(found, BY)


BYTES = bytes.fromhex(TOKENS["mark_key"])


def test_a_senders_token_is_too() -> None:
    token = links.read(TOKENS["sender"]["token"])
    assert isinstance(token, links.SenderToken)
    assert token.id.hex() == TOKENS["sender"]["id"]
    assert links.proven(token, BY)


@pytest.mark.parametrize("text", TOKENS["refused"])
def test_what_must_be_refused_is(text: str) -> None:
    token = links.read(text)
    assert token is None or not links.proven(token, BY)


def test_links_lead_where_they_may_and_nowhere_else() -> None:
    assert [links.fault(target) for target in TARGETS["leads"]] == [""] * len(TARGETS["leads"])
    assert all(links.fault(target) for target in TARGETS["astray"])

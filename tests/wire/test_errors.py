"""One registry of refusals."""

from __future__ import annotations

import msgspec
import pytest

from stationer.wire.errors import ERRORS, refusal


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_refusal_says_what_and_in_a_sentence(code: str) -> None:
    status, body = refusal(code)
    assert 400 <= status < 600
    shown = msgspec.json.decode(msgspec.json.encode(body))
    assert shown["error"] == code
    assert shown["message"].endswith(".")


def test_an_unregistered_code_is_a_bug() -> None:
    with pytest.raises(KeyError):
        refusal("teapot")

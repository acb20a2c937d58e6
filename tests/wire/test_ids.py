"""Outside ids and the inside they stand for."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.wire import ids


@given(st.uuids(), st.sampled_from(sorted(ids.PREFIXES)))
def test_an_id_comes_back_from_outside(value: uuid.UUID, kind: str) -> None:
    assert ids.inside(kind, ids.outside(kind, value)) == value


@pytest.mark.parametrize(
    "text", ["", "pen_", "mem_" + "a" * 26, "pen_" + "A" * 26, "pen_" + "a" * 25 + "b", "pen_" + "1" * 26]
)
def test_what_outside_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        ids.inside("pen", text)

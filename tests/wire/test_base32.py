"""Our base32 is the standard's, in lower case and without padding."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.wire import base32


@given(st.binary(max_size=64))
def test_it_writes_what_the_standard_library_writes(data):
    text = base32.encode(data)
    assert text == base64.b32encode(data).decode().rstrip("=").lower()
    assert base32.decode(text) == data


@pytest.mark.parametrize("text", ["A", "a", "AB", "a1", "ab=", "ab======", "é", "aaa", "ac"])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError):
        base32.decode(text)

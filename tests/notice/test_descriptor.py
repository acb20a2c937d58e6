"""What programs learn of a PEN at its well-known address (contract/notice.md §9)."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from stationer import notice
from tests.notice.made import AT, PEN, key, pen


def made(by: notice.Pen = PEN) -> bytes:
    return msgspec.json.encode(notice.described(by, "open", "/o/device-authorization/", AT))


def test_keys_are_followed_from_one_to_the_next_and_not_over_a_gap():
    first, second, third = key("k1", 0), key("k2", 64), key("k3", 128)
    one = notice.discovered(made(pen(keys=(first,))), PEN.id, PEN.host)
    assert isinstance(one, notice.Descriptor)
    two = notice.discovered(made(pen(keys=(second, first))), PEN.id, PEN.host, one.keys)
    assert isinstance(two, notice.Descriptor)
    assert isinstance(
        notice.discovered(made(pen(keys=(third, second))), PEN.id, PEN.host, two.keys), notice.Descriptor
    )
    gap = notice.discovered(made(pen(keys=(third, second))), PEN.id, PEN.host, one.keys)
    assert gap == notice.NotDescribed("not-signed")


def test_a_public_half_describes_nothing():
    bare = pen(keys=tuple(msgspec.structs.replace(one, private=b"") for one in PEN.keys))
    assert notice.discovered(made(bare), PEN.id, PEN.host) == notice.NotDescribed("not-signed")


def test_on_ones_own_machine_it_is_there_with_its_port():
    local = pen(host="localhost:8000")
    answer = notice.discovered(made(local), PEN.id, "localhost:8000")
    assert isinstance(answer, notice.Descriptor) and answer.api == "http://localhost:8000/api/v1"
    assert notice.discovered(made(local), PEN.id, "localhost:8001") == notice.NotDescribed("other-host")


def test_a_name_stays_on_its_line():
    odd = notice.discovered(made(pen(name="Harbour\nhost=evil.example\u2028x")), PEN.id, PEN.host)
    assert isinstance(odd, notice.Descriptor) and odd.name == "Harbour host=evil.example x"


@given(st.binary(max_size=200) | st.text().map(str.encode) | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["v", "id", "keys", "host"]), inner)).map(msgspec.json.encode))  # fmt: skip
def test_nothing_raises_whatever_the_octets(octets):
    assert isinstance(notice.discovered(octets, PEN.id, PEN.host), notice.NotDescribed)

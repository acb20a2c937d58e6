"""The quick way to an address's canonical spelling is the long way's, for every text."""

from hypothesis import example, given
from hypothesis import strategies as st

from stationer.pick.addresses import canonical, canonical_domain, matchable


def long_way(address: str) -> str:
    local, at, domain = address.strip().rpartition("@")
    return f"{local.lower()}{at}{canonical_domain(domain)}"


@given(st.text(alphabet=" \t\n.@abAB-é", max_size=12) | st.text(max_size=12))
@example("a@..")
@example("...")
@example("a.@b.")
@example("@")
def test_the_quick_way_is_the_long_way(address):
    assert canonical(address) == long_way(address)


def test_an_address_of_the_longest_length_is_one_and_a_longer_one_is_none():
    assert matchable("a" * 64 + "@" + "b" * 255) and matchable("é" * 160)
    assert not matchable("a" * 64 + "@" + "b" * 256) and not matchable("é" * 160 + "a")
    assert not matchable("a\x85@b.example")

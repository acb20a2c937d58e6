"""Pick ids are the wire's ids, in the order of their milliseconds."""

import os
import time
from collections import Counter

from stationer.edge.naming import PickIds
from stationer.wire import ids


def test_a_pick_id_is_a_uuid_of_version_7_of_this_moment_and_none_comes_twice():
    before = time.time_ns() // 1_000_000
    make = PickIds()
    uuids = [ids.inside("pick", make()) for _ in range(3000)]
    assert len(set(uuids)) == 3000
    assert {(one.version, one.variant) for one in uuids} == {(7, "specified in RFC 4122")}
    moments = [one.int >> 80 for one in uuids]
    assert moments == sorted(moments)
    assert before <= moments[0] and moments[-1] <= time.time_ns() // 1_000_000


def test_every_bit_that_is_not_given_is_chance():
    make = PickIds()
    made = [ids.inside("pick", make()).int for _ in range(4000)]
    ones = Counter(bit for one in made for bit in range(76) if one >> bit & 1 and bit not in (62, 63))
    assert set(ones) == set(range(76)) - {62, 63}
    assert all(1700 < count < 2300 for count in ones.values())  # nine standard deviations


def test_a_forked_process_gives_out_ids_of_its_own():
    make = PickIds()
    make()
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover (the child)
        os.write(sink, make()[13:].encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(source, 99).decode() != make()[13:]

"""Pick ids are the wire's ids, in the order in which they were made."""

from stationer.edge.app import new_pick_id
from stationer.wire import ids


def test_a_pick_id_is_a_uuid_of_version_7_and_none_comes_twice():
    made = [new_pick_id() for _ in range(1000)]
    uuids = [ids.inside("pick", one) for one in made]
    assert len(set(uuids)) == 1000 and uuids == sorted(uuids)
    assert {one.version for one in uuids} == {7}

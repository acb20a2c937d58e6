"""Secure messages by program: sent in pieces, found, read range by range, ended; and nobody else learns anything."""

from __future__ import annotations

import json
from base64 import encodebytes
from hashlib import sha256

import pytest

from stationer.portal.access import devices
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Package
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading.models import ReadingTerms
from stationer.portal.vault import checking, keeping, models, storing, turning
from stationer.portal.vault.models import Event, SecureMessage
from tests.portal.vaulted import LETTER, PDF, TO, prove

pytestmark = pytest.mark.django_db
AT = "/api/v1/secure-messages"


class Program:
    """Somebody with a token."""

    def __init__(self, client, token):
        self.client, self.token = client, token

    def ask(self, method, path="", body=None, headers=None, raw=None):
        data = raw if raw is not None else json.dumps(body) if body is not None else ""
        kind = "application/octet-stream" if raw is not None else "application/json"
        return self.client.generic(
            method,
            AT + path,
            data,
            kind,
            headers={"authorization": f"Bearer {self.token}", **(headers or {})},
        )

    def begin(self, mail, author="alice@acme.example", **more):
        asked = {"from": author, "recipients": TO, "size": len(mail), "sha256": sha256(mail).hexdigest()}
        return self.ask("POST", body=asked | more)

    def send(self, mail, author="alice@acme.example"):
        found = self.begin(mail, author).json()
        for number in range(found["pieces"]):
            at = number * models.PIECE
            assert (
                self.ask(
                    "PUT", f"/{found['id']}/pieces/{number}", raw=mail[at : at + models.PIECE]
                ).status_code
                == 200
            )
        return self.ask("POST", f"/{found['id']}/complete")


@pytest.fixture
def programs(acme, client, transactional_or_not):
    with pen_scope(acme):
        prove()
        members = {
            name: add_member(f"{name}@acme.example", aliases=[f"{name}.alias@acme.example"])
            for name in ("alice", "carol", "erin")
        }
        tokens = {name: devices.enrol(member, "laptop")[1] for name, member in members.items()}
        tokens["key"] = devices.make_api_key("erp", ("send-sealed",))[1]
        tokens["other key"] = devices.make_api_key("other", ("send-sealed",))[1]
        tokens["weak key"] = devices.make_api_key("weak", ("see-content",))[1]
    return {name: Program(client, token) for name, token in tokens.items()}


@pytest.fixture
def transactional_or_not(db):
    """The database, as every test here has it."""


def whole(answer):
    return b"".join(answer.streaming_content)


def test_a_mail_is_sent_and_read_again(programs):
    alice, carol = programs["alice"], programs["carol"]
    begun = alice.begin(LETTER)
    assert begun.status_code == 201
    found = begun.json()
    assert (found["state"], found["pieces"], found["piece"], found["received"]) == (
        "uploading",
        1,
        16777216,
        [],
    )
    missing = alice.ask("POST", f"/{found['id']}/complete")
    assert (missing.status_code, missing.json()["error"], missing.json()["missing"]) == (
        409,
        "pieces-missing",
        [0],
    )
    put = alice.ask("PUT", f"/{found['id']}/pieces/0", raw=LETTER)
    assert (put.status_code, put.json()) == (200, {"received": [0]})
    for _ in range(2):
        done = alice.ask("POST", f"/{found['id']}/complete")
        assert (done.status_code, done.json()["state"]) == (200, "ready")
    said = carol.ask("GET", f"/{found['locator']}").json()
    assert said["from"] == {"name": "Alice Example", "address": "alice@acme.example"}
    assert [one["address"] for one in said["to"]] == ["bob@other.example", "carol@acme.example"]
    assert said["blind"] == []
    assert alice.ask("GET", f"/{found['id']}").json()["blind"] == ["blind@fourth.example"]
    assert [(one["path"], one["name"], one["length"]) for one in said["parts"]][1] == (
        "2",
        "Angebot für Bob.pdf",
        len(PDF),
    )
    answer = carol.ask("GET", f"/{found['id']}/content")
    assert whole(answer) == LETTER
    assert answer["Content-Type"] == "message/rfc822"
    part = carol.ask("GET", f"/{found['id']}/parts/2")
    assert whole(part) == PDF
    assert (
        part["Content-Disposition"].startswith("attachment") and part["X-Content-Type-Options"] == "nosniff"
    )
    notice = carol.ask("GET", f"/{found['id']}/notification")
    assert notice.content == alice.ask("GET", f"/{found['id']}/notification").content
    assert b"the price" not in notice.content and found["locator"].encode() in notice.content


def test_whoever_may_not_gets_the_answer_of_what_is_not_there(programs, acme):
    found = programs["alice"].send(LETTER).json()
    never = "sec_" + "a" * 26
    for name in ("erin", "other key", "weak key", "key"):
        asker = programs[name]
        for method, path in (("GET", ""), ("GET", "/content"), ("GET", "/parts/2"), ("GET", "/notification"),
                             ("POST", "/complete"), ("DELETE", ""), ("GET", "/parts/9")):  # fmt: skip
            real, none = asker.ask(method, f"/{found['id']}{path}"), asker.ask(method, f"/{never}{path}")
            assert (real.status_code, real.content) == (none.status_code, none.content) == (404, none.content)
        put = asker.ask("PUT", f"/{found['id']}/pieces/0", raw=b"x")
        assert put.content == asker.ask("PUT", f"/{never}/pieces/0", raw=b"x").content
        assert found["id"] not in str(asker.ask("GET").json())
    assert programs["carol"].ask("DELETE", f"/{found['id']}").status_code == 404
    assert programs["carol"].ask("GET", f"/{found['id']}/parts/9").status_code == 404


def test_who_sends_for_whom(programs, acme):
    alice, key = programs["alice"], programs["key"]
    assert alice.begin(LETTER, "carol@acme.example").json()["fields"]["from"]
    assert alice.begin(LETTER, "alice.alias@acme.example").status_code == 201
    assert key.begin(LETTER, "carol@acme.example").status_code == 201
    assert key.begin(LETTER, "nobody@acme.example").json()["fields"]["from"]
    assert programs["weak key"].begin(LETTER).status_code == 404
    with pen_scope(acme):
        Package.objects.update(rights=["enrol", "details"])
    assert "package" in alice.begin(LETTER).json()["fields"]["from"][0]


def test_a_key_reads_what_it_sent_and_no_more(programs):
    mine = programs["key"].send(LETTER).json()
    programs["alice"].send(LETTER)
    assert whole(programs["key"].ask("GET", f"/{mine['id']}/content")) == LETTER
    assert [one["id"] for one in programs["key"].ask("GET").json()["items"]] == [mine["id"]]


@pytest.mark.parametrize(
    ("said", "status", "start", "stop"),
    [
        ("bytes=0-9", 206, 0, 10), ("bytes=5-", 206, 5, None), ("bytes=-7", 206, -7, None), ("bytes=3-3", 206, 3, 4),
        ("bytes=100-99999999", 206, 100, None), ("bytes=0-1,4-5", 200, 0, None), ("bytes=9-4", 200, 0, None),
        ("chars=0-1", 200, 0, None), ("bytes=99999999-", 416, 0, 0), ("bytes=-0", 416, 0, 0),
        ("bytes=1000-5000", 206, 1000, 5001),
    ],
)  # fmt: skip
def test_ranges(programs, said, status, start, stop):
    found = programs["alice"].send(LETTER).json()
    for path, octets in (
        ("content", LETTER),
        ("parts/2", PDF),
        ("parts/1", b"Dear Bob, the price is 12\xe2\x82\xac."),
    ):
        if len(octets) < 6_000 and said.startswith("bytes=100"):
            continue
        answer = programs["carol"].ask("GET", f"/{found['id']}/{path}", headers={"range": said})
        assert answer.status_code == status, path
        if status == 416:
            assert answer["Content-Range"] == f"bytes */{len(octets)}"
            assert answer.json()["error"] == "range"
            continue
        expected = octets[start:stop]
        assert whole(answer) == expected
        assert answer["Content-Length"] == str(len(expected))


def test_a_range_of_another_state_is_all_of_it(programs):
    found = programs["alice"].send(LETTER).json()
    asked = {"range": "bytes=0-9", "if-range": '"another"'}
    assert programs["carol"].ask("GET", f"/{found['id']}/content", headers=asked).status_code == 200
    tag = f'"{sha256(LETTER).hexdigest()}"'
    assert (
        programs["carol"].ask("GET", f"/{found['id']}/content", headers=asked | {"if-range": tag}).status_code
        == 206
    )


def large(length):
    body = encodebytes(bytes(range(256)) * (length // 256)).replace(b"\n", b"\r\n")
    return (
        b"From: alice@acme.example\r\nTo: carol@acme.example\r\nSubject: Large\r\n"
        b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nwords\r\n--q\r\n"
        b"Content-Disposition: attachment; filename=big.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + body
        + b"--q--\r\n"
    )


@pytest.fixture
def small_pieces(monkeypatch):
    """Segments of 4 MiB and pieces of 16 make a test slow; the counting is the same with smaller ones."""
    for module in (models, keeping, storing):
        monkeypatch.setattr(module, "PIECE", 1 << 22)
    from stationer.portal.vault import shapes

    monkeypatch.setattr(shapes, "PIECE", 1 << 22)


def test_pieces_come_in_any_order_and_again_and_a_range_opens_few_segments(
    programs, small_pieces, acme, monkeypatch
):
    mail = large(12_000_000)
    found = programs["alice"].begin(mail).json()
    assert found["pieces"] == 4
    pieces = [mail[at : at + (1 << 22)] for at in range(0, len(mail), 1 << 22)]
    for number in (2, 0, 3, 0):
        answer = programs["alice"].ask("PUT", f"/{found['id']}/pieces/{number}", raw=pieces[number])
    assert answer.json()["received"] == [0, 2, 3]
    assert programs["alice"].ask("GET", f"/{found['id']}").json()["received"] == [0, 2, 3]
    wrong = programs["alice"].ask("PUT", f"/{found['id']}/pieces/1", raw=pieces[1][:-1])
    assert (wrong.status_code, wrong.json()["error"]) == (422, "invalid")
    assert programs["alice"].ask("PUT", f"/{found['id']}/pieces/1", raw=pieces[1] + b"x").status_code == 422
    assert programs["alice"].ask("PUT", f"/{found['id']}/pieces/4", raw=b"x").status_code == 422
    assert programs["alice"].ask("POST", f"/{found['id']}/complete").json()["missing"] == [1]
    programs["alice"].ask("PUT", f"/{found['id']}/pieces/1", raw=pieces[1])
    done = programs["alice"].ask("POST", f"/{found['id']}/complete")
    assert (done.status_code, done.json()["state"]) == (202, "checking")
    assert programs["carol"].ask("GET", f"/{found['id']}").status_code == 404
    assert programs["alice"].ask("PUT", f"/{found['id']}/pieces/1", raw=pieces[1]).status_code == 409
    assert _turn() == 1
    assert _turn() == 0
    assert whole(programs["carol"].ask("GET", f"/{found['id']}/content")) == mail
    read = []
    plain = storing.Pieces.read
    monkeypatch.setattr(storing.Pieces, "read", lambda *args: read.append(args[2:]) or plain(*args))
    answer = programs["carol"].ask(
        "GET", f"/{found['id']}/parts/2", headers={"range": "bytes=8000000-8000999"}
    )
    assert whole(answer) == (bytes(range(256)) * 5)[8_000_000 % 256 :][:1000]
    assert len(read) == 2  # the blob's header and one segment


def _turn():
    """A turn of the worker, which has no scope of its own."""
    from contextvars import Context

    return Context().run(turning.turn)


def test_found_by_words_and_people(programs):
    alice, carol = programs["alice"], programs["carol"]
    first = alice.send(LETTER).json()["id"]
    second = alice.send(LETTER.replace(b"March", b"APRIL")).json()["id"]

    def ids_of(who, **asked):
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return [one["id"] for one in who.ask("GET", f"?{query}").json()["items"]]

    assert ids_of(carol) == [second, first]
    assert ids_of(carol, q="april%20angebot") == [second]
    assert ids_of(carol, q="FÜR") == [second, first]
    assert ids_of(carol, q="price") == []
    assert ids_of(carol, **{"with": "bob@other.example"}) == [second, first]
    assert ids_of(carol, **{"with": "third.example"}) == [second, first]
    assert ids_of(carol, **{"with": "fourth.example"}) == []
    assert ids_of(alice, **{"with": "blind@fourth.example"}) == [second, first]
    assert (ids_of(carol, box="in"), ids_of(carol, box="out")) == ([second, first], [])
    assert (ids_of(alice, box="in"), ids_of(alice, box="out")) == ([], [second, first])
    page = carol.ask("GET", "?limit=1").json()
    assert ids_of(carol, limit=1, cursor=page["next"]) == [first]


def test_ended_by_its_author_nobody_reads_it(programs, acme):
    found = programs["alice"].send(LETTER).json()
    with pen_scope(acme):
        row = SecureMessage.objects.get()
        assert len(list(storing.blobs().names(storing.folder_of(row)))) == 2
    for _ in range(2):
        assert programs["alice"].ask("DELETE", f"/{found['id']}").status_code == 204
    assert programs["carol"].ask("GET", f"/{found['id']}/content").status_code == 404
    assert programs["alice"].ask("GET", f"/{found['id']}").json()["state"] == "ended"
    assert programs["alice"].ask("GET", f"/{found['id']}/content").status_code == 404
    assert _turn() == 1
    with pen_scope(acme):
        row.refresh_from_db()
        assert (row.wrapped, row.why_ended, row.due_at) == (None, "author", None)
        assert not list(storing.blobs().names(storing.folder_of(row)))
        assert list(Event.objects.values_list("what", flat=True)) == ["kept", "ended"]


def test_the_same_request_again_makes_one_message(programs, acme):
    asked = {"from": "alice@acme.example", "recipients": TO, "size": 5, "sha256": "0" * 64}
    first = programs["alice"].ask("POST", body=asked, headers={"idempotency-key": "one"})
    again = programs["alice"].ask("POST", body=asked, headers={"idempotency-key": "one"})
    assert first.json() == again.json() and again["Idempotent-Replayed"] == "true"
    with pen_scope(acme):
        assert SecureMessage.objects.count() == 1


def test_other_octets_than_said_are_refused_and_deleted(programs, acme):
    found = programs["alice"].begin(LETTER).json()
    programs["alice"].ask("PUT", f"/{found['id']}/pieces/0", raw=LETTER.replace(b"12", b"13"))
    done = programs["alice"].ask("POST", f"/{found['id']}/complete").json()
    assert (done["state"], done["reason"]) == ("refused", "digest")
    assert done["message"]
    assert _turn() == 1
    with pen_scope(acme):
        assert not list(storing.blobs().names(storing.folder_of(SecureMessage.objects.get())))


def test_quotas_of_a_package(programs, acme):
    with pen_scope(acme):
        Package.objects.update(messages_a_day=1, most_octets=20_000, retention_days=3, level=2)
    assert "MB" in programs["alice"].begin(bytes(20_001)).json()["message"]
    found = programs["alice"].send(LETTER).json()
    assert found["level"] == 2
    assert "24 hours" in programs["alice"].begin(LETTER).json()["message"]
    with pen_scope(acme):
        row = SecureMessage.objects.get()
        assert (row.until - row.ready_at).days == 3


def test_a_check_that_was_left_behind_is_done_by_the_next(programs, acme, small_pieces):
    mail = large(9_000_000)
    programs["alice"].send(mail)
    with pen_scope(acme):
        row = SecureMessage.objects.get()
        SecureMessage.objects.update(lease=row.pk, leased_until=row.touched_at + checking.LEASE)
    assert _turn() == 0
    with pen_scope(acme):
        SecureMessage.objects.update(leased_until=row.touched_at)
    assert _turn() == 1
    with pen_scope(acme):
        assert SecureMessage.objects.get().state == "ready"


def refusals(program, found):
    asked = [f"/{found['id']}/content", f"/{found['locator']}/content", f"/{found['id']}/parts/2"]
    answers = [program.ask("GET", path, headers={"range": "bytes=0-3"}) for path in asked]
    return {(answer.status_code, answer.json()["error"]) for answer in answers}


@pytest.mark.parametrize("whose", ["message", "pen"])
@pytest.mark.parametrize("level", [2, 3])
def test_a_token_shows_level_one_to_whoever_holds_it(programs, acme, whose, level):
    if whose == "pen":
        with pen_scope(acme):
            ReadingTerms.objects.create(level=level)
    options = {"options": {"level": level if whose == "message" else 1}}
    for sender in ("alice", "key"):
        found = programs[sender].begin(LETTER, **options).json()
        programs[sender].ask("PUT", f"/{found['id']}/pieces/0", raw=LETTER)
        done = programs[sender].ask("POST", f"/{found['id']}/complete").json()
        assert (done["state"], done["parts"]) == ("ready", [])
        for reader in (sender, "carol"):
            assert refusals(programs[reader], found) == {(403, "level")}, reader
            said = programs[reader].ask("GET", f"/{found['id']}").json()
            assert (said["subject"], said["parts"]) == ("Angebot für March", [])
            assert programs[reader].ask("GET", f"/{found['id']}/notification").status_code == 200
        assert refusals(programs["erin"], found) == {(404, "not-found")}
        with pen_scope(acme):
            assert not Event.objects.filter(what="fetched").exists()
        assert programs[sender].ask("DELETE", f"/{found['id']}").status_code == 204

"""The client against a portal of our own making: what it sends, what it sends again, what it raises."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest

from stationer.cli.main import main
from stationer.client import Client, File, Refused, Unreachable
from stationer.client.shapes import NewGroup, PersonChange

GROUP = {"id": "grp_a", "name": "Sales"}


class Portal:
    """Answers what it was told to answer, in turn, and keeps what it was asked."""

    def __init__(self):
        self.asked, self.answers = [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                outer.asked.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
                status, body, headers = outer.answers.pop(0)
                if status == 0:  # the answer is lost on the way
                    self.close_connection = True
                    return
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items() - {("cut", headers.get("cut"))}:
                    self.send_header(name, value)
                self.send_header("Content-Length", headers.get("cut") or str(len(data)))
                self.close_connection = "cut" in headers
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def will(self, status, body=None, **headers):
        self.answers.append((status, {} if body is None else body, headers))


@pytest.fixture
def portal():
    one = Portal()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def slept():
    return []


@pytest.fixture
def client(portal, slept):
    return Client(portal.url, "t" * 43, sleep=slept.append)


def refusal(code="too-many-requests", **more):
    return {"error": code, "message": "A sentence.", **more}


def test_what_is_sent_and_what_comes(portal, client):
    portal.will(201, GROUP)
    made = client.add_group(NewGroup(name="Sales"))
    ((method, path, headers, body),) = portal.asked
    assert (method, path, json.loads(body)) == ("POST", "/api/v1/groups", {"name": "Sales"})
    assert headers["Authorization"] == f"Bearer {'t' * 43}" and len(headers["Idempotency-Key"]) == 36
    assert (made.id, made.name) == ("grp_a", "Sales")


def test_octets_go_and_come_as_they_are_whole_or_a_range(portal, client):
    portal.will(200, {"received": [0]})
    portal.will(200, b"\x00\xff\r\n")
    portal.will(206, b"\xff")
    assert client.put("/x/pieces/0", b"\x00\r\xff", dict) == {"received": [0]}
    assert client.octets("/x") == b"\x00\xff\r\n" and client.octets("/x", 1, 2) == b"\xff"
    sent, whole, part = portal.asked
    assert (sent[0], sent[3], sent[2]["Content-Type"]) == ("PUT", b"\x00\r\xff", "application/octet-stream")
    assert "Range" not in whole[2] and part[2]["Range"] == "bytes=1-1"
    assert {one[2]["Authorization"] for one in portal.asked} == {f"Bearer {'t' * 43}"}


def test_what_is_not_said_is_not_sent(portal, client):
    person = {
        "id": "mem_a",
        "address": "a@b.example",
        "aliases": [],
        "attributes": {},
        "package": "x",
        "groups": [],
    }
    portal.will(200, person | {"a key of tomorrow": 1})
    client.change_person("mem_a/b", PersonChange(groups=[]))
    assert portal.asked[0][1] == "/api/v1/people/mem_a%2Fb"
    assert json.loads(portal.asked[0][3]) == {"groups": []}


def test_a_list_is_walked_over_all_its_pages(portal, client):
    portal.will(200, {"items": [GROUP], "next": "grp_a"})
    portal.will(200, {"items": [GROUP | {"name": "Board"}], "next": None})
    assert [one.name for one in client.list_groups(limit=1)] == ["Sales", "Board"]
    assert [path for _, path, *_ in portal.asked] == [
        "/api/v1/groups?limit=1",
        "/api/v1/groups?limit=1&cursor=grp_a",
    ]


def test_what_was_lost_is_sent_again_under_the_same_key(portal, client, slept):
    portal.will(0)
    portal.will(500, refusal("fault"))
    portal.will(429, refusal(retry_after=7))
    portal.will(201, GROUP)
    assert client.add_group(NewGroup(name="Sales")).id == "grp_a"
    keys = {headers["Idempotency-Key"] for _, _, headers, _ in portal.asked}
    assert len(portal.asked) == 4 and len(keys) == 1
    assert slept[2] == 7 and all(0 < one <= 4 for one in slept[:2])


def test_a_refusal_is_raised_with_its_sentence_and_not_sent_again(portal, client, slept):
    portal.will(422, refusal("invalid", fields={"name": ["There is one already."]}))
    with pytest.raises(Refused, match=r"A sentence\. name: There is one already\.") as found:
        client.add_group(NewGroup(name="Sales"))
    assert (found.value.code, found.value.status) == ("invalid", 422)
    assert found.value.fields == {"name": ["There is one already."]}
    assert slept == []


def test_it_gives_up_after_four(portal, client, slept):
    for _ in range(4):
        portal.will(503, refusal("not-ready", retry_after=1))
    with pytest.raises(Refused):
        client.get_group("grp_a")
    assert slept == [1, 1, 1]


@pytest.mark.parametrize("status", [200, 404, 502])
def test_an_answer_that_is_cut_off_is_asked_for_again(portal, client, slept, status):
    portal.will(status, b'{"error": "fau', cut="500")
    portal.will(200, GROUP)
    assert client.get_group("grp_a").id == "grp_a" and len(slept) == 1


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_is_no_utf8_is_told(portal, status):
    portal.will(status, b'{"error": "\xff", "message": "\xff", "id": "\xff", "name": "\xff"}')
    with pytest.raises(Unreachable):
        Client(portal.url, "t", tries=1).get_group("grp_a")


@pytest.mark.parametrize("first", [(0,), (500, refusal("fault"))])
def test_what_is_gone_after_its_answer_was_lost_is_removed(portal, client, first):
    portal.will(*first)
    portal.will(404, refusal("not-found"))
    client.remove_group("grp_a")
    assert [method for method, *_ in portal.asked] == ["DELETE", "DELETE"]


def test_what_was_never_there_is_refused_also_after_a_429(portal, client):
    portal.will(429, refusal(retry_after=1))
    portal.will(404, refusal("not-found"))
    with pytest.raises(Refused) as found:
        client.remove_group("grp_a")
    assert found.value.code == "not-found"


def test_it_waits_longer_for_what_is_under_way(portal, client, slept):
    portal.will(0)
    for _ in range(12):
        portal.will(409, refusal("under-way", retry_after=1))
    portal.will(201, GROUP)
    assert client.add_group(NewGroup(name="Sales")).id == "grp_a"
    assert len(slept) == 13 and slept[1:6] == [1, 1, 1, 1, 1] and max(slept) <= 10


def test_it_does_not_wait_for_ever_for_what_is_under_way(portal, slept):
    for _ in range(20):
        portal.will(409, refusal("under-way", retry_after=1))
    with pytest.raises(Refused, match=r"A sentence\."):
        Client(portal.url, "t", patience=8, sleep=slept.append).add_group(NewGroup(name="Sales"))
    assert 8 <= sum(slept) < 18


def test_a_redirection_is_not_followed(portal, client):
    portal.will(302, b"", Location=f"{portal.url}/elsewhere")
    with pytest.raises(Unreachable, match="no portal's API"):
        Client(portal.url, "t", tries=1).get_group("grp_a")
    assert len(portal.asked) == 1


def test_a_file_is_sent_as_a_form(portal, client):
    row = {"id": "imp_a", "name": "f", "state": "checked", "columns": [], "counts": {}, "note": ""}
    portal.will(201, row | {"created_at": "2026-11-20T09:30:00Z", "applied_at": None})
    portal.answers *= 2
    made = client.add_import(b"email\r\na@b.example\r\n", columns='["address"]')
    client.add_import(File('Pläne "neu".csv', b"email\r\n"))
    bodies = [body for *_, body in portal.asked]
    assert b'name="file"; filename="file"' in bodies[0] and b'\r\n\r\n["address"]\r\n' in bodies[0]
    assert 'name="file"; filename="Pläne %22neu%22.csv"'.encode() in bodies[1]
    assert b"\r\n\r\nemail\r\n\r\n--" in bodies[1]
    assert made.created_at.year == 2026 and made.applied_at is None


@pytest.mark.parametrize(
    ("portal", "token"),
    [("ftp://x", "t"), ("https://x y", "t"), (" https://x", "t"), ("https://x", ""), ("https://x", "a b")],
)
def test_what_is_no_address_or_token_is_refused(portal, token):
    with pytest.raises(ValueError, match=r"begins with|ASCII"):
        Client(portal, token)


@pytest.mark.parametrize(
    "portal",
    [
        "http://portal.example.org",
        "http://10.0.0.7:8000",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "HTTP://portal.example.org",
        "http://localhost@portal.example.org",
        "http://portal.example.org\\@localhost",
        "http://",
    ],
)
def test_no_token_goes_in_the_clear_to_another_machine(portal):
    with pytest.raises(ValueError, match="https://"):
        Client(portal, "t")


@pytest.mark.parametrize("portal", ["http://localhost:1", "http://[::1]:1", "http://127.0.0.9", "https://x"])
def test_on_this_machine_and_encrypted_it_may(portal):
    assert Client(portal, "t")


def test_no_proxy_is_asked_the_way_to_this_machine(portal, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    portal.will(200, GROUP)
    assert Client(portal.url, "t", tries=1).get_group("grp_a").id == "grp_a"


# ── the command ──


@pytest.fixture
def token(tmp_path):
    path = tmp_path / "key"
    path.write_text("t\n")
    return str(path)


def test_the_command_lists_asks_and_prints(portal, token, tmp_path, capsys):
    assert main(["api"]) == 0
    assert "list_groups" in capsys.readouterr().out
    portal.will(200, {"items": [GROUP, GROUP], "next": None})
    assert main(["api", "list_groups", "limit=2", "--portal", portal.url, "--token-file", token]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [GROUP, GROUP]
    body = tmp_path / "group.json"
    body.write_bytes(msgspec.json.encode({"name": "Sales"}))
    portal.will(201, GROUP)
    assert main(["api", "add_group", "--body", str(body), "--portal", portal.url, "--token-file", token]) == 0
    assert json.loads(capsys.readouterr().out) == GROUP


def test_the_command_sends_a_file_under_its_own_name(portal, token, tmp_path, capsys):
    file = tmp_path / "company-2026.yaml"
    file.write_text("format: 1\n")
    portal.will(422, refusal("invalid", fields={"file": ["line 1: no."]}))
    there = ["--portal", portal.url, "--token-file", token]
    assert main(["api", "look_at_company", f"file=@{file}", "absent=remove", *there]) == 3
    assert b'filename="company-2026.yaml"' in portal.asked[0][3] and b"format: 1" in portal.asked[0][3]
    assert main(["api", "look_at_company", "file=format: 1", *there]) == 2
    assert "file=@FILE" in capsys.readouterr().err and len(portal.asked) == 1


def test_the_command_says_what_is_wrong(portal, token, capsys):
    portal.will(404, refusal("not-found"))
    there = ["--portal", portal.url, "--token-file", token]
    assert main(["api", "get_group", "group_id=grp_a", *there]) == 3
    assert "A sentence." in capsys.readouterr().err
    for words in (
        ["nothing"],
        ["get_group"],
        ["list_groups", "limit=x"],
        ["list_groups", "q=1"],
        ["add_group"],
    ):
        assert main(["api", *words, *there]) == 2, words
    assert main(["api", "list_groups", "--portal", portal.url, "--token-file", "/nowhere"]) == 2

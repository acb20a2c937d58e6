"""`GET /c/{token}`: sent on to where the content was published to lead, or told kindly why not (contract/links.md §4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.edge.conftest import A, B, Edge
from tests.edge.running import serving
from tests.edge.test_uplinking import Heard
from tests.edge.world import World

from stationer import links
from stationer.edge.following import Follower
from stationer.edge.handler import Response
from stationer.edge.visitors import Visitor, Visitors
from stationer.pick import carry_links, compile
from stationer.pick.numbering import begins
from stationer.wire.content import Content, Field, LinkPlace
from stationer.wire.definition import Definition, Management, Template
from stationer.wire.memory import State
from stationer.wire.rules import Rule
from stationer.wire.uplink import Clicked

BASE = "https://go.acme.example/c/"
TARGETS = (
    "https://acme.example/?a=b c",
    "https://acme.example/unsubscribe",
    ("https://acme.example/", Field("name")),
)


def definition(pen: str, words: str = "Hello", **management: object) -> Definition:
    """One template whose content has three links and a decoy."""
    targets = (*TARGETS, links.decoy_of(BASE))
    part = Content("template", "footer", (words, LinkPlace(0)), (words,), targets, BASE)
    template = Template("tpl", "All", Rule(), {"new": (part,)}, fallback=True)
    key = pen.encode() * 2
    return Definition(
        pen, f"Acme <{words}>", ("acme.example",), key, (template,), (), Management(**management)
    )  # type: ignore[arg-type]


class Clicking:
    """A reader, and what the uplink heard of them."""

    def __init__(self, edge: Edge) -> None:
        self.edge, self.answers = edge, []
        self.heard = edge.handler.up = Heard()
        self.follower = Follower(edge.holder, lambda: edge.now, self.heard, self.answers.append)

    def get(self, token: str, method: str = "GET", language: str = "") -> Response:
        hints = {"accept-language": language} if language else {}
        return self.follower.follow(method, token, lambda: Visitor("192.0.2.7", "Firefox", hints))

    def tokens(self) -> list[str]:
        """Those of the footer's links in a new pick."""
        answer = msgspec.json.decode(self.edge.ask("alice").body)
        return answer["copies"][0]["new"]["footer"][0]["links"]  # type: ignore[no-any-return]

    @property
    def clicks(self) -> list[Clicked]:
        return [one for one in self.heard.all if isinstance(one, Clicked)]


@pytest.fixture
def reader(world: World, edge: Edge) -> Clicking:
    """Of an edge with a PEN whose footer has links."""
    world.write(A, "snapshot", compile(definition(A)))
    edge.look()
    return Clicking(edge)


def test_a_link_is_followed_and_the_click_is_told_before_the_answer(reader: Clicking) -> None:
    token, unsubscribe, personal, decoy = reader.tokens()
    assert (unsubscribe, personal) == ("", "")
    answer = reader.get(token, "HEAD")
    assert answer[:2] == (302, [
        ("Location", "https://acme.example/?a=b%20c"), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"),
        ("X-Robots-Tag", "noindex"),
    ])  # fmt: skip
    (click,) = reader.clicks
    found = links.read(token)
    assert isinstance(found, links.MailToken)
    assert (click.pen, click.at, click.method, click.address, click.agent) == (
        A,
        reader.edge.now,
        "HEAD",
        "192.0.2.7",
        "Firefox",
    )
    assert (len(click.token), click.token[-10:]) == (39, found.tag)
    assert reader.get(decoy).status == 200
    assert reader.answers == ["decoy"]
    assert len(reader.clicks) == 2


def test_a_token_that_is_wrong_in_any_way_gets_a_kind_page(reader: Clicking) -> None:
    token = reader.tokens()[0]
    for text in (
        "",
        "x",
        token[:-1],
        token[::-1],
        token[:-1] + "!",
        token + "/",
        "../../etc/passwd",
        "A" * 52,
    ):
        answer = reader.get(text)
        assert answer.status == 404
        assert "Location" not in dict(answer.headers)
        assert b"This link leads nowhere" in answer.body
    assert reader.clicks == []


def test_the_page_speaks_the_readers_language_and_names_the_pen(reader: Clicking) -> None:
    token = reader.tokens()[0]
    wrong = token[:-1] + ("A" if token[-1] != "A" else "B")
    for language, words in (("", "This link leads"), ("de-AT,de;q=0.9", "Dieser Link führt"), ("fr,en;q=0.2,de;q=0.1", "This link"),
                            ("fr, de;q=0.3", "Dieser Link"), ("*", "This link"), ("de;q=0,*", "This link"), (";;,", "This link")):  # fmt: skip
        answer = reader.get(wrong, language=language)
        assert words in answer.body.decode()
        assert "Acme &lt;Hello&gt;" in answer.body.decode()
        policy = dict(answer.headers)["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert reader.get(wrong, "HEAD").body == b""


def test_another_method_is_refused(reader: Clicking) -> None:
    answer = reader.get(reader.tokens()[0], "POST")
    assert (answer.status, dict(answer.headers)["Allow"]) == (405, "GET, HEAD")


def test_links_of_what_is_no_longer_shown_go_on_until_their_life_ends(world: World, reader: Clicking) -> None:
    token, edge = reader.tokens()[0], reader.edge
    old, new = compile(definition(A)), compile(definition(A, "Else"))
    world.write(A, "snapshot", carry_links(old, new, now=edge.now, life_ms=1_000))
    edge.look()
    assert reader.get(token).status == 302
    edge.now += 1_000
    answer = reader.get(token, language="de")
    assert answer.status == 404
    assert "abgelaufen" in answer.body.decode()
    assert len(reader.clicks) == 2
    world.write(A, "snapshot", new)
    edge.look()
    assert reader.get(token).status == 404
    assert reader.answers == ["ended", "ended"]


def test_two_contents_that_begin_alike_lead_nowhere(world: World, reader: Clicking) -> None:
    token, edge = reader.tokens()[0], reader.edge
    shown = compile(definition(A))
    (digest,) = shown.contents
    twin = digest[:10] + "a" * 14
    old = carry_links(compile(definition(A, "Else")), shown, now=edge.now)
    (carried,) = old.links.values()
    world.write(A, "snapshot", msgspec.structs.replace(old, links={twin: carried}))
    edge.look()
    assert reader.get(token).status == 404


def test_a_vote_is_told_like_any_click_and_leads_to_its_page_with_the_same_token(
    world: World, reader: Clicking
) -> None:
    targets = tuple(links.vote_target(BASE, "stars", value) for value in (1, 2, 3, 4, 5))
    content = Content("template", "footer", ("Hello", LinkPlace(0)), ("Hello",), targets, BASE)
    asking = definition(A)
    parts = {"new": (content,)}
    asking = msgspec.structs.replace(
        asking, templates=(msgspec.structs.replace(asking.templates[0], parts=parts),)
    )
    compiled, page = compile(asking), "https://portal.example/vote/pen/"
    world.write(A, "snapshot", msgspec.structs.replace(compiled, votes=page))
    world.write(
        A, "state", State(A, visits=("acme.example",))
    )  # the link domain is below it; no visit begins
    reader.edge.look()
    four = reader.tokens()[3]
    assert dict(reader.get(four).headers)["Location"] == page + four
    assert [(click.pen, click.visit) for click in reader.clicks] == [(A, b"")]
    assert links.raw_of(four) == reader.clicks[0].token
    world.write(A, "snapshot", compiled)  # of a company file, whose portal is not known
    reader.edge.look()
    thanks = reader.get(four)
    assert (thanks.status, "has arrived" in thanks.body.decode()) == (200, True)
    reader.heard.keeps = False
    assert "Nothing was noted" in reader.get(four).body.decode()
    assert reader.get("vote/stars/4", language="de").body.decode().count("keine Antworten") == 2
    assert len(reader.clicks) == 2


def test_where_a_pen_tracks_nothing_old_links_still_lead_and_nobody_is_told(
    world: World, reader: Clicking
) -> None:
    token = reader.tokens()[0]
    world.write(A, "snapshot", compile(definition(A, tracking="off")))
    reader.edge.look()
    reader.heard.all.clear()
    assert reader.get(token).status == 302
    answer = msgspec.json.decode(reader.edge.ask("alice").body)
    assert answer["copies"][0]["new"]["footer"][0]["links"] == []
    assert reader.heard.all == []


def test_an_edge_that_can_keep_nothing_safe_gives_no_tokens(world: World, reader: Clicking) -> None:
    token = reader.tokens()[0]
    reader.heard.keeps = False
    reader.heard.all.clear()
    assert reader.get(token).status == 302
    assert msgspec.json.decode(reader.edge.ask("alice").body)["copies"][0]["new"]["footer"][0]["links"] == []
    assert reader.heard.all == []


def test_domains_alone_are_told_where_a_pen_wants_no_more(world: World, reader: Clicking) -> None:
    world.write(A, "snapshot", compile(definition(A, tracking="domains")))
    reader.edge.look()
    to = ["Bob@Other.example", "ann@other.example", "ann@OTHER.example", "not\0one"]
    reader.edge.ask("alice", **{"from": "alice@acme.example", "to": to, "cc": []})
    (copy,) = reader.heard.all[0].copies  # type: ignore[union-attr]
    assert (copy.count, copy.addresses) == (2, ("@other.example", "@other.example"))


def test_a_link_that_a_sender_made_leads_where_the_state_says(world: World, reader: Clicking) -> None:
    by = links.signer(A, definition(A).mark_key)
    made, removed = b"m" * 12, b"r" * 12
    world.write(A, "state", State(A, links={made: "https://sender.example/"}))
    reader.edge.look()
    answer = reader.get(links.sign_sender(by, made))
    assert (answer.status, answer.headers[0]) == (302, ("Location", "https://sender.example/"))
    assert reader.get(links.sign_sender(by, removed)).status == 404
    assert [len(one.token) for one in reader.clicks] == [27, 27]
    assert reader.answers == ["ended"]
    vote = (
        "https://go.other.example/c/vote/stars/5"  # whatever it looks like: a sender's own link is no answer
    )
    world.write(A, "state", State(A, links={made: vote}))
    world.write(
        A,
        "snapshot",
        msgspec.structs.replace(compile(definition(A)), votes="https://portal.example/vote/pen/"),
    )
    reader.edge.look()
    assert reader.get(links.sign_sender(by, made)).headers[0] == ("Location", vote)


def test_what_is_no_web_address_is_never_led_to_whatever_a_file_says(world: World, reader: Clicking) -> None:
    by = links.signer(A, definition(A).mark_key)
    for number, target in enumerate(
        ("javascript:alert(1)", "//evil.example", "https://a\r\nSet-Cookie: x", "https://u@e.example/")
    ):
        world.write(A, "state", State(A, links={bytes([number]) * 12: target}))
        reader.edge.look()
        assert reader.get(links.sign_sender(by, bytes([number]) * 12)).status == 404


def test_a_pen_that_is_not_in_force_yet_says_to_wait(world: World, reader: Clicking) -> None:
    world.enrol(B, "bob")
    reader.edge.look()
    by = links.signer(B, definition(B).mark_key)
    (token,) = links.sign(by, bytes(16), 0, [links.ask(b"c" * 6, [0])])
    answer = reader.get(token.decode())
    assert (answer.status, b"not ready yet" in answer.body) == (404, True)


def test_one_pens_key_signs_for_no_other(world: World, reader: Clicking) -> None:
    token = reader.tokens()[0]
    world.write(B, "snapshot", compile(definition(B)))
    reader.edge.look()
    forged = links.Signer(links.signer(B, definition(B).mark_key).keyed, links.name_of(A))
    read = links.read(token)
    assert isinstance(read, links.MailToken)
    (made,) = links.sign(forged, read.pick, 0, [links.ask(read.content, [0])])
    assert reader.get(made.decode()).status == 404


def test_who_asks_is_believed_of_a_proxy_alone() -> None:
    asked = {
        "REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.4, 10.0.0.2", "HTTP_USER_AGENT": "a" * 999,
        "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_ACCEPT_LANGUAGE": "d" * 999, "HTTP_COOKIE": "no",
    }  # fmt: skip
    plain = Visitors().of(asked)
    assert (plain.address, len(plain.agent)) == ("10.0.0.1", 300)
    assert plain.hints == {"sec-fetch-mode": "navigate", "accept-language": "d" * 100}
    behind = Visitors(["10.0.0.0/8"])
    assert behind.of(asked).address == "198.51.100.4"
    assert behind.of({**asked, "REMOTE_ADDR": "192.0.2.1"}).address == "192.0.2.1"
    assert behind.of({**asked, "HTTP_X_FORWARDED_FOR": "10.0.0.2, nonsense"}).address == "10.0.0.1"
    assert behind.of({"REMOTE_ADDR": "10.0.0.1"}).address == "10.0.0.1"
    with pytest.raises(ValueError, match="nonsense"):
        Visitors(["nonsense"])


@pytest.fixture
def client(world: World, tmp_path: Path) -> Iterator[httpx.Client]:
    """Of a running edge whose PEN has links."""
    world.write(A, "snapshot", compile(definition(A)))
    world.enrol(A, "alice")
    with serving(world, tmp_path, publish=False) as running:
        yield running.client


def test_a_running_edge_leads_on_and_sets_no_cookie(client: httpx.Client) -> None:
    by = links.signer(A, definition(A).mark_key)
    (digest,) = compile(definition(A)).contents
    (token,) = links.sign(by, b"p" * 16, 3, [links.ask(begins(digest), [0])])
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"/c/{token.decode()}?fbclid=x", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (302, "https://acme.example/?a=b%20c")
        assert "set-cookie" not in answer.headers
        assert answer.content == b""
    assert client.get("/c/decoy").status_code == 200
    page = client.get("/c/%0d%0aLocation:%20https://evil.example", headers={"Accept-Language": "de"})
    assert (page.status_code, page.headers["content-language"]) == (404, "de")
    assert (
        'stationer_edge_click_pages_total{why="unknown"}'
        in client.get("/metrics").text + client.get("/metrics").text
    )

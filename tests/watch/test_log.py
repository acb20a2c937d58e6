"""What goes out on stderr is one JSON object a line, with no address and no secret in it."""

import ast
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.watch import log
from stationer.watch.events import EVENTS

SOURCE = Path(__file__).parents[2] / "src" / "stationer"


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.start("debug", "key", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_has_time_level_room_event_and_fields(said):
    log.Voice("edge").info("file-in-force", pen="pen_a", serial=3)
    line = json.loads(said.getvalue())
    assert line.pop("time").endswith("Z")
    assert line == {"level": "info", "room": "edge", "event": "file-in-force", "pen": "pen_a", "serial": 3}


def test_an_address_appears_only_as_a_keyed_hash(said):
    log.Voice("edge").info(
        "fault", who="Alice@Acme.example", several=["bob@b.example"], deep={"x": "c@d.example"}
    )
    logging.getLogger("library").warning("cannot reach %s", "mailto:alice%40acme.example?x")
    text = said.getvalue()
    assert "acme" not in text.lower() and "b.example" not in text and "d.example" not in text
    assert json.loads(text.splitlines()[0])["who"] == log.person("alice@acme.example")


@pytest.mark.parametrize("library", ["httpx", "httpcore.http11"])
def test_a_library_does_not_report_each_request_and_may_still_warn(said, library):
    logging.getLogger(library).info("HTTP Request: POST https://edge.example/v1/pick")
    logging.getLogger(library).debug("send_request_headers.started")
    assert said.getvalue() == ""
    logging.getLogger(library).warning("odd")
    assert "odd" in said.getvalue()


def test_hashes_of_another_key_differ():
    log.start("info", "one", io.StringIO())
    first = log.person("a@b.example")
    log.start("info", "two", io.StringIO())
    assert log.person("a@b.example") != first


@pytest.mark.parametrize("name", ["token", "edge_token", "Authorization", "relay_password", "secret_key"])
def test_a_secret_is_masked_by_its_name(said, name):
    log.Voice("edge").info("fault", **{name: "hush"})
    assert "hush" not in said.getvalue()


def test_a_secret_in_a_librarys_line_is_masked(said):
    logging.getLogger("x").error("sent Authorization: Bearer abcdefghijk to postgresql://me:hush@db/x")
    assert "abcdefghijk" not in said.getvalue() and "hush" not in said.getvalue()


def test_a_traceback_is_one_line_and_clean(said):
    try:
        raise ValueError("no mailbox for alice@acme.example")
    except ValueError:
        log.Voice("agent").fault("fault")
    assert said.getvalue().count("\n") == 1
    assert "Traceback" in said.getvalue() and "acme" not in said.getvalue()


@given(st.text(), st.from_regex(r"[a-z0-9.+_-]{3,}@[a-z]{3,}\.example", fullmatch=True), st.text())
def test_no_address_survives_whatever_stands_round_it(before, address, after):
    text = log._clean(f"{before} {address} {after}")
    assert address not in text


def test_every_event_that_is_said_is_listed():
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in log.LEVELS | {"fault": 0} and ast.unparse(node.func.value).lower().endswith(
                "voice"
            ):
                event = node.args[0]
                assert isinstance(event, ast.Constant), f"{path}:{node.lineno}: an event is a literal"
                assert event.value in EVENTS, f"{path}:{node.lineno}: {event.value} is not in watch.events"

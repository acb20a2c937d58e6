"""Ports that stay, unless somebody has them."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import msgspec

from stationer.demo.ports import Ports, choose


def free(file: Path) -> Ports:
    """Ports that the system gives, as if the last run had had them: the usual ones may be somebody's demo just now."""
    with ExitStack() as held:
        some = [held.enter_context(socket.socket()) for _ in range(4)]
        for one in some:
            one.bind(("127.0.0.1", 0))
        file.write_bytes(msgspec.json.encode(Ports(*(one.getsockname()[1] for one in some))))
    return choose(file)


def test_the_last_runs_ports_are_taken_again(tmp_path: Path) -> None:
    first = free(tmp_path / "ports.json")
    assert choose(tmp_path / "ports.json") == first


def test_a_busy_port_is_given_up_for_a_free_one(tmp_path: Path) -> None:
    first = free(tmp_path / "ports.json")
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # its last connections may linger
        busy.bind(("127.0.0.1", first.imap))
        busy.listen()
        second = choose(tmp_path / "ports.json")
    assert second.imap != first.imap
    assert (second.portal, second.edge, second.smtp) == (first.portal, first.edge, first.smtp)


def test_all_four_differ_when_all_are_busy(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        file.write_text(f'{{"portal": {port}, "edge": {port}, "imap": {port}, "smtp": {port}}}')
        chosen = choose(file)
    assert len({port, chosen.portal, chosen.edge, chosen.imap, chosen.smtp}) == 5


def test_a_spoilt_file_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{")
    assert isinstance(choose(tmp_path / "ports.json"), Ports)

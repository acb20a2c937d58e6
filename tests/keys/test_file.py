"""The keyring's file: for its owner alone, never written over, never half, and two who add at once add two keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from stationer.cli.main import main
from stationer.keys import Holder, KeyringFileError, KmsError, add, make, read
from stationer.seal import Owner, WrongKeyringError

OWNER = Owner("pen", "pen_a", "k0")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "deep" / "keys" / "keyring.json"


def test_a_new_keyring_is_for_its_owner_alone(file):
    made = make(file, at=datetime(2026, 11, 22, 19, tzinfo=UTC))
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert made.keys[0].made == "2026-11-22T19:00:00Z"
    assert read(file) == made


def test_a_keyring_is_never_written_over(file):
    text = make(file) and file.read_bytes()
    with pytest.raises(KeyringFileError, match="already"):
        make(file)
    assert file.read_bytes() == text


def test_without_a_keyring_it_is_said_how_to_make_one_and_nothing_is_made(file):
    for verb in (read, add, Holder):
        with pytest.raises(KeyringFileError, match="stationer keys new"):
            verb(file)
    assert not file.parent.exists()


def test_a_folder_in_its_place_is_told(file):
    file.mkdir(parents=True)
    with pytest.raises(KeyringFileError, match="cannot be read"):
        read(file)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_one_that_others_may_read_is_refused(file, mode):
    make(file)
    file.chmod(mode)
    with pytest.raises(KeyringFileError, match=f"{mode:04o}.*chmod 600"):
        read(file)


def test_two_who_add_at_once_add_two_keys(file):
    first = make(file)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: add(file), range(16)))
    found = read(file)
    assert len(found.keys) == 17
    assert found.keys[0] == first.keys[0]


@pytest.fixture
def theirs(file, monkeypatch):
    """The owner of a keyring who is not who runs this (for root really so), and the inodes that were given away."""
    owner, given, give = (1000, 1000) if os.geteuid() == 0 else (os.getuid(), os.getgid()), {}, os.fchown
    make(file)
    os.chown(file, *owner)

    def recorded(descriptor, *to):
        given[os.fstat(descriptor).st_ino] = to
        give(descriptor, *to)

    monkeypatch.setattr(os, "geteuid", lambda: owner[0] + 1)
    monkeypatch.setattr(os, "fchown", recorded)
    return owner, given


def test_a_keyring_stays_whose_it_is_when_root_adds_a_key_and_so_does_its_lock(file, theirs):
    owner, given = theirs
    file.with_name(f".{file.name}.tmp").write_bytes(b"a leftover")
    add(file)
    assert len(read(file).keys) == 2
    for path in (file, file.with_name(f".{file.name}.lock")):
        found = path.stat()
        assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (*owner, 0o600)
        assert given[found.st_ino] == owner


def test_one_that_could_not_stay_whose_it_is_is_left_as_it_was(file, theirs, monkeypatch):
    text = file.read_bytes()
    lock = file.with_name(f".{file.name}.lock")
    os.link(lock, lock.with_name("second"))
    with pytest.raises(KeyringFileError, match=r"belongs to user \d+.*second name.*run this as user"):
        add(file)
    assert not theirs[1]

    def forbidden(*_):
        raise PermissionError(1, "Operation not permitted")

    lock.with_name("second").unlink()
    monkeypatch.setattr(os, "fchown", forbidden)
    with pytest.raises(KeyringFileError, match=r"operation not permitted.*Nothing was changed"):
        add(file)
    assert file.read_bytes() == text


def test_a_link_to_a_keyring_stays_a_link(file, tmp_path):
    link = tmp_path / "keyring.json"
    link.symlink_to(file)
    make(link)
    add(link)
    assert link.is_symlink()
    assert len(read(file).keys) == 2
    assert read(link) == read(file)


def test_what_is_damaged_while_a_program_runs_is_told_and_it_serves_on(file):
    make(file)
    held = Holder(file)
    wrapped, good = held.wrap(bytes(32), OWNER), file.read_bytes()
    for damaged in (good[:-20], good.replace(b'"made": "', b'"made": "\xff')):
        file.write_bytes(damaged)
        assert held.unwrap(wrapped, OWNER) == bytes(32)
        assert "no keyring" in held.trouble
    with pytest.raises(WrongKeyringError):
        Holder(file)
    file.unlink()
    assert held.unwrap(wrapped, OWNER) == bytes(32)
    assert "no keyring at" in held.trouble
    file.write_bytes(good)
    file.chmod(0o600)
    assert held.unwrap(wrapped, OWNER) == bytes(32)
    assert not held.trouble


def test_a_kms_that_does_not_answer_leaves_the_keyring_as_it_was(file, monkeypatch):
    monkeypatch.setenv("VAULT_TOKEN", "t")
    text = make(file) and file.read_bytes()
    with pytest.raises(KmsError):
        add(file, "hcvault+http://127.0.0.1:9/transit/keys/k")
    assert file.read_bytes() == text
    with pytest.raises(KmsError):
        make(file.with_name("other.json"), "hcvault+http://127.0.0.1:9/transit/keys/k")
    assert not file.with_name("other.json").exists()


def stationer(*words):
    done = subprocess.run(
        [sys.executable, "-m", "stationer", "keys", *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_the_command_makes_shows_and_rotates_and_never_prints_a_key(file):
    assert stationer("new", "--file", str(file))[0] == 0
    code, out, _ = stationer("rotate", "--file", str(file))
    assert code == 0
    assert read(file).primary in out
    code, shown, _ = stationer("show", "--file", str(file))
    assert code == 0
    assert len(shown.splitlines()) == shown.count("rows are not counted") == 2
    assert "No rows were looked at" in out
    assert "wrapped keys" not in out + shown
    code, as_json, _ = stationer("show", "--json", "--file", str(file))
    assert code == 0
    assert [one["rows"] for one in json.loads(as_json)["keys"]] == [None, None]
    for one in read(file).keys:
        assert one.id in shown
        assert one.id in as_json
        assert one.key not in shown + as_json + out


def test_the_commands_failures_are_sentences(file):
    assert stationer("show", "--file", str(file))[::2] == (
        1,
        f"stationer keys: There is no keyring at {file}. Make one with `stationer keys new`.\n",
    )
    assert stationer("new", "--file", str(file), "--json")[0] == 2
    assert stationer("show", "--file", str(file), "--kms", "x")[0] == 2
    code, _, said = stationer("new", "--file", str(file), "--kms", "ftp://x")
    assert (code, said) == (
        1,
        "stationer keys: ftp://x is no KMS that Stationer knows: aws-kms://, gcp-kms://, hcvault://.\n",
    )
    make(file)
    damaged = file.read_bytes().replace(b'"made": "', b'"made": "\xff')
    for verb, text in (("rotate", b"{}"), ("show", damaged)):
        file.write_bytes(text)
        code, _, said = stationer(verb, "--file", str(file))
        assert (code, said.count("\n")) == (4, 1)
        assert said.startswith(f"stationer keys: {file}: This is no keyring: ")


def test_without_tink_the_command_says_what_to_install(monkeypatch, capsys):
    for name in [name for name in sys.modules if name.startswith(("stationer.keys", "stationer.seal"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tink", None)
    assert main(["keys", "show"]) == 1
    assert "pip install 'stationer[server]'" in capsys.readouterr().err


def test_a_wrong_setting_is_a_sentence_and_no_traceback(tmp_path):
    environment = {**os.environ, "STATIONER_NO_SUCH": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "stationer", "keys", "show"], capture_output=True, text=True, cwd=tmp_path,
        env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and not done.stdout
    assert (
        "STATIONER_NO_SUCH (environment): there is no such setting" in done.stderr
        and "Trace" not in done.stderr
    )

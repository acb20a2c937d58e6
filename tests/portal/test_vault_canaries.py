"""What messages say is nowhere in the clear: every stored octet is searched for words that stand in messages alone."""

from __future__ import annotations

import json
import logging
import tempfile
from base64 import b64encode, encodebytes
from hashlib import sha256
from pathlib import Path
from quopri import encodestring

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection

from stationer.portal.access import devices
from stationer.portal.people.members import add_member
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.vault import keeping, models, opening, storing, turning
from stationer.portal.vault.models import SecureMessage

TO = ["bob@other.example", "blind@fourth.example"]
#: In every body, attachment and file's name, each written in its own way; in no subject and no address.
WORDS = (
    "kanarienvogel-im-text",
    "kanarienvogel-im-markup",
    "kanarienvogel-im-anhang",
    "kanarienvogel-im-namen",
    "kanarienvogel-im-feld",
)
AT = "/api/v1/secure-messages"


def mail(number, more=0):
    text, markup, file, name, field = (f"{word}-{number:04}".encode() for word in WORDS)
    attachment = (file + b" ") * 300 + bytes(more)
    return (
        b"From: alice@acme.example\r\nTo: bob@other.example\r\nSubject: Letter %d\r\nX-Note: %s\r\n"
        b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n--q\r\nContent-Type: text/html\r\n\r\n<p>%s\r\n"
        b"--q\r\nContent-Disposition: attachment; filename=%s.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n%s--q--\r\n"
    ) % (number, field, encodestring(text), markup, name, encodebytes(attachment).replace(b"\n", b"\r\n"))


def needles():
    """The words in the encodings that programs write."""
    found = {}
    for word in WORDS:
        plain = word.encode()
        found |= {
            (word, "plain"): plain,
            (word, "hex"): plain.hex().encode(),
            (word, "reversed"): plain[::-1],
        }
        found |= {(word, form): word.encode(form) for form in ("utf-16-le", "utf-16-be", "utf-32-le")}
        found[word, "percent"] = plain.replace(b"-", b"%2d")
        for skip in range(3):
            found[word, f"base64+{skip}"] = b64encode(bytes(skip) + plain)[4:-4].lower()
    return found


def check_silent(octets, where):
    """No word in any encoding; case is not looked at."""
    low = octets.lower()
    for (word, form), needle in needles().items():
        assert needle not in low, f"{word} ({form}) stands in {where}"


def rows():
    with outside_scope(reason="a test looks at every row"):
        for model in apps.get_models():
            manager = getattr(model, "objects", model._default_manager)
            for row in manager.values():
                yield (
                    f"{model.__name__} {row.get('id')}",
                    b" ".join(
                        bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
                        for value in row.values()
                    ),
                )


def stored(folders):
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path), path.read_bytes()


@pytest.fixture
def places(portal, settings, tmp_path, monkeypatch):
    """Every folder that something could be written to; the cache's is of files, as in production."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(portal.data / "cache"),
        }
    }
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    for module in (models, keeping, storing):
        monkeypatch.setattr(module, "PIECE", 1 << 22)
    found = [tmp_path]
    if connection.vendor == "sqlite":
        found.append(Path(connection.settings_dict["NAME"]).parent)
    return found


def ask(client, token, method, path="", data="", **headers):
    kind = "application/octet-stream" if isinstance(data, bytes) else "application/json"
    answer = client.generic(
        method, AT + path, data, kind, headers={"authorization": f"Bearer {token}", **headers}
    )
    assert answer.status_code < 300, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def by_pieces(client, token, octets, number):
    """Sent by a program, and read and looked for again."""
    asked = {
        "from": "alice@acme.example",
        "recipients": TO,
        "size": len(octets),
        "sha256": sha256(octets).hexdigest(),
    }
    found = json.loads(
        ask(client, token, "POST", data=json.dumps(asked), **{"idempotency-key": f"k{number}"})
    )
    for piece in range(found["pieces"]):
        ask(client, token, "PUT", f"/{found['id']}/pieces/{piece}", octets[piece << 22 : (piece + 1) << 22])
    ask(client, token, "POST", f"/{found['id']}/complete")
    while turning.turn():
        pass
    assert ask(client, token, "GET", f"/{found['id']}/content") == octets
    assert WORDS[2].encode() in ask(client, token, "GET", f"/{found['id']}/parts/3")
    assert WORDS[3] in ask(client, token, "GET", f"/{found['id']}").decode()
    ask(client, token, "GET", f"/{found['id']}/notification")
    assert found["id"] in ask(client, token, "GET", "?q=letter").decode()
    assert json.loads(ask(client, token, "GET", f"?q={WORDS[0]}"))["items"] == []


def walk(acme, client, places, caplog, many, large):
    with pen_scope(acme):
        token = devices.enrol(add_member("alice@acme.example"), "laptop")[1]
    with caplog.at_level(logging.DEBUG):
        for number in range(0, many, 2):
            by_pieces(client, token, mail(number, large if not number else 0), number)
        with pen_scope(acme):
            for number in range(1, many, 2):
                row = keeping.keep(mail(number), author="alice@acme.example", recipients=TO)
                assert b"".join(opening.content(row).range()) == mail(number)
            refused = keeping.keep(mail(many), author="mallory@acme.example", recipients=TO)
            assert refused.state == "refused"
            assert SecureMessage.objects.filter(state="ready").count() == many
        cache.set("there", "is a cache", 60)
    seen = {"rows": 0, "files": 0}
    for where, octets in rows():
        check_silent(octets, where)
        seen["rows"] += 1
    for where, octets in stored(places):
        check_silent(octets, where)
        seen["files"] += 1
    check_silent(caplog.text.encode(), "the log")
    assert not list((places[0] / "temporary").iterdir())
    return seen


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_no_word_of_twenty_messages_stands_anywhere(acme, client, places, caplog, capfd):
    seen = walk(acme, client, places, caplog, 20, 5_000_000)
    assert seen["files"] > 40
    assert seen["rows"] > 100
    out, err = capfd.readouterr()
    check_silent((out + err).encode(), "what was printed")


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.django_db(transaction=True)
def test_nor_of_a_thousand(acme, client, places, caplog):
    seen = walk(acme, client, places, caplog, 1_000, 40_000_000)
    print(f"1,000 messages: {seen['files']:,} files, {seen['rows']:,} rows, the log: no word in any encoding")
    assert seen["files"] > 2_000


def test_the_search_finds_what_it_looks_for():
    for form in (
        mail(3),
        b64encode(mail(3)),
        mail(3).hex().encode(),
        mail(3).decode().encode("utf-16-le"),
        mail(3).upper(),
    ):
        with pytest.raises(AssertionError, match="stands in"):
            check_silent(form, "a mail")
    check_silent(b"nothing of the kind", "nothing")

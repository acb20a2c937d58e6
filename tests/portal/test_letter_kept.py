"""What stands with an open letter: the reader's own answers, the company's logo and pictures, what a letter encloses,
HTML that no browser should be given; a subject without its tag (contract/reading.md §5)."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from stationer.portal.access import devices
from stationer.portal.content.pictures import keep_picture
from stationer.portal.people.models import Package
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.views.settings import BrandForm
from stationer.portal.reading.letter_pictures import our_picture
from stationer.portal.reading.letter_words import MOST_OPENED, Letter
from stationer.portal.vault.models import Enclosure, SecureMessage
from tests.portal import lettered
from tests.portal.lettered import CAROL, DAVE, in_by_code, path
from tests.portal.test_letter import PNG, RICH, answered, body_of, kept, newest, words
from tests.portal.vaulted import prove

pytestmark = pytest.mark.django_db
PICTURES = Path(__file__).parents[2] / "src/stationer/demo/company/pictures"


@pytest.fixture
def alice(acme):
    from stationer.portal.people.members import add_member

    with pen_scope(acme):
        return add_member("alice@acme.example", attributes={"name": "Alice Penrose"})


@pytest.fixture
def rich(acme, alice):
    return kept(acme, RICH, [CAROL, DAVE, "bob@acme.example"])


@pytest.fixture
def carol(rich):
    return in_by_code(Client(), rich)


def page_of(client, row):
    return words(client.get(path(row)))


def html_mail(body, subject="Your plan"):
    head = lettered.MAIL.format(author="alice@acme.example", to=CAROL).partition("\n\n")[0]
    return head.replace("text/plain", "text/html").replace("Your plan", subject) + "\n\n" + body


def test_who_answered_reads_it_again_with_its_files_and_nobody_else_is_told(carol, rich, acme):
    file = SimpleUploadedFile("signed.pdf", b"%PDF-1.4", "application/pdf")
    answered(carol, rich, added=[file])
    row = newest(acme)
    page = page_of(carol, rich)
    assert "You answered" in page and f'href="{path(row)}"' in page and "Read your answer" in page
    own = page_of(carol, row)
    assert "You wrote this" in own and "Tuesday suits me." in own and "signed.pdf" in own
    assert body_of(carol.get(path(row, "parts/2"))) == b"%PDF-1.4"
    dave = in_by_code(Client(), rich, address=DAVE)
    assert "You answered" not in page_of(dave, rich) and dave.get(path(row)).content != own.encode()


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("checking", "still looked through"),
        ("refused", "It did not leave. Eicar."),
        ("ended", "not kept any more"),
    ],
)
def test_what_became_of_an_answer_is_said(carol, rich, acme, state, said):
    answered(carol, rich)
    with pen_scope(acme):
        SecureMessage.objects.filter(pk=newest(acme).pk).update(state=state, sentence="Eicar.")
    page = page_of(carol, rich)
    assert said in page and "Read your answer" not in page


def test_the_subject_is_the_one_without_the_tag_everywhere(acme, alice):
    row = kept(acme, html_mail("<p>a</p>", "[SECURE] Your plan"), [CAROL])
    assert row.subject == "Your plan"
    client = in_by_code(Client(), row)
    for what in ("", "body", "print", "reply"):
        assert "[secure]" not in words(client.get(path(row, what))).lower()
    answered(client, row)
    assert newest(acme).subject == "Re: Your plan"


def picture(acme, name="mark"):
    with pen_scope(acme):
        return keep_picture((PICTURES / f"{name}.png").read_bytes(), name=name)


def test_pictures_of_the_companys_own_are_written_in_and_all_others_stay_out(acme, alice):
    own = picture(acme)
    foreign = [
        own.url.replace("127.0.0.1", "pictures.example"),
        own.url + "?a",
        own.url.replace("/a/", "/b/"),
    ]
    gone = own.url.replace(own.digest, "0" * 40)
    row = kept(
        acme,
        html_mail("".join(f"<img src='{one}'>\n" for one in [own.url, own.url, gone, *foreign])),
        [CAROL],
    )
    client = in_by_code(Client(), row)
    html = words(client.get(path(row, "body")))
    octets = base64.b64encode((PICTURES / "mark.png").read_bytes()).decode()
    assert html.count(octets) == 2 and "http" not in html.partition("<body>")[2]
    with pen_scope(acme):
        assert Letter(row).words().remote == 4
    assert our_picture("https://[x/a/", {"x"}) is None


def test_only_so_many_of_them_are_opened(acme, alice):
    own = picture(acme)
    many = [own.url.replace(own.digest, f"{n:040x}") for n in range(MOST_OPENED)]
    row = kept(acme, html_mail("".join(f"<img src='{one}'>\n" for one in [*many, own.url])), [CAROL])
    with pen_scope(acme):
        assert Letter(row).words().remote == MOST_OPENED + 1


def test_html_that_no_browser_should_be_given_is_shown_as_text_and_kept_as_a_file(acme, alice):
    row = kept(acme, html_mail("<div>\n" * 50_000 + "<p>Dear Carol,<p>quincunx"), [CAROL])
    client = in_by_code(Client(), row)
    page = page_of(client, row)
    assert "Shown as text." in page and "quincunx" in page and "<iframe" not in page
    assert body_of(client.get(path(row, "parts/1"))).startswith(b"<div>")
    assert 'href="' + path(row, "parts/1") in page


def test_the_logo_stands_above_letters(acme, rich, carol):
    assert "/a/" not in page_of(carol, rich).partition("</header>")[0]
    wide, square = picture(acme, "logo"), picture(acme)
    said = json.loads(called("--pen", acme.outside_id, "--logo", "logo", "--colour", "#0e6e73"))
    assert said["looks"] == {"colour": "#0e6e73", "logo": wide.file_name, "logo_wide": "1"}
    above = page_of(carol, rich).partition("</header>")[0]
    assert f'src="/a/{wide.file_name}" alt="ACME"' in above
    assert "data:image/png" in words(carol.get(path(rich, "print"))).partition("<h1>")[0]
    called("--pen", acme.outside_id, "--logo", "mark")
    above = page_of(carol, rich).partition("</header>")[0]
    assert f'src="/a/{square.file_name}" alt=""' in above and "ACME" in above
    with pen_scope(acme):
        square.delete()
        acme.refresh_from_db()
        form = BrandForm(
            {"colour": "#0e6e73", "seal": "#a8322a", "logo": square.file_name}, initial=acme.looks()
        )
        assert form.is_valid() and form.said()["logo"] == square.file_name
    called("--pen", acme.outside_id, "--logo", "")
    acme.refresh_from_db()
    assert acme.brand == {"colour": "#0e6e73"} and acme.logo.path == ""


@pytest.mark.parametrize("options", [("--logo", "none of ours"), ("--colour", "red"), ("--pen", "another")])
def test_looks_that_cannot_be_are_refused_in_a_sentence(acme, options):
    with pytest.raises(CommandError) as refused:
        called(*options)
    assert str(refused.value).endswith(".")


def test_looks_that_a_partner_locked_stay(acme):
    acme.handed = {"brand_by": "Berg"}
    acme.save()
    with pytest.raises(CommandError, match="Berg has locked"):
        called("--colour", "#0e6e73")


def called(*options):
    from io import StringIO

    out = StringIO()
    call_command("set_looks", *options, stdout=out)
    return out.getvalue()


def test_what_a_letter_encloses_of_another_is_read_with_it_by_page_and_api(acme, rich, alice):
    row = lettered.letter(acme, to=(CAROL,))
    with pen_scope(acme):
        Enclosure.objects.create(message=row, path="e1", source=rich, source_path="2")
        prove()
        _device, token = devices.enrol(alice, "laptop")
    client = in_by_code(Client(), row)
    assert "plan.pdf" in page_of(client, row)
    assert body_of(client.get(path(row, "parts/e1"))) == b"0123456789abcdef"
    part = client.get(path(row, "parts/e1"), headers={"Range": "bytes=10-"})
    assert (part.status_code, body_of(part)) == (206, b"abcdef")
    assert client.get(path(row, "parts/e2")).status_code == 404
    program = {"authorization": f"Bearer {token}"}
    api = f"/api/v1/secure-messages/{row.locator}"
    listed = Client().get(api, headers=program).json()["parts"]
    assert [(one["path"], one["name"], one["length"]) for one in listed][1:] == [("e1", "plan.pdf", 16)]
    fetched = Client().get(f"{api}/parts/e1", headers=program)
    assert (fetched.status_code, body_of(fetched)) == (200, b"0123456789abcdef")
    with pen_scope(acme):
        SecureMessage.objects.filter(pk=rich.pk).update(level=2)
    assert "plan.pdf" not in page_of(client, row) and client.get(path(row, "parts/e1")).status_code == 404
    with pen_scope(acme):
        SecureMessage.objects.filter(pk=rich.pk).update(level=1, state="ended", ended_at=timezone.now())
    assert "plan.pdf" not in page_of(client, row) and client.get(path(row, "parts/e1")).status_code == 404
    assert len(Client().get(api, headers=program).json()["parts"]) == 1


def test_a_guest_is_told_in_one_sentence_what_is_too_much(carol, rich, acme):
    with pen_scope(acme):
        Package.objects.filter(guests=True).update(most_octets=1_000)
    file = SimpleUploadedFile("large.bin", b"0" * 3_000)
    page = words(answered(carol, rich, added=[file]))
    assert (
        page.count("are allowed here: send fewer files") == 1
        and "package" not in page.partition("</form>")[0]
    )
    assert PNG not in page

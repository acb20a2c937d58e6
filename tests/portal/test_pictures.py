"""Pictures of a PEN: what is taken in and how, what is refused with which sentence, where they are used, their end."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stationer.portal.content.models import Asset, Message
from stationer.portal.content.taking import MOST_SENT, PLACES, take
from stationer.portal.content.using import names_in
from stationer.portal.people.scope import pen_scope
from stationer.wire.source import Element, Source

pytestmark = pytest.mark.django_db
WIDE = PLACES["wide"]


def file(width=2400, height=900, kind="PNG", mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, (width, height), "teal" if mode != "RGBA" else (0, 128, 128, 90)).save(out, kind, **more)
    return out.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


def bomb(width, height):
    """A PNG header that promises so many pixels, and a few octets behind it (RFC 2083)."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "place", "kind", "size"),
    [
        (file(), "wide", "PNG", (1200, 450)),
        (file(kind="JPEG"), "wide", "JPEG", (1200, 450)),
        (file(kind="WEBP"), "half", "JPEG", (560, 210)),
        (file(kind="WEBP", mode="RGBA"), "half", "PNG", (560, 210)),
        (file(kind="GIF"), "logo", "PNG", (512, 192)),
        (file(400, 100), "wide", "PNG", (400, 100)),
        (file(3000, 4000, "JPEG"), "portrait", "JPEG", (228, 304)),
        (file(kind="JPEG", mode="CMYK"), "logo", "JPEG", (512, 192)),
    ],
)
def test_a_picture_becomes_as_large_as_its_place_needs_at_twice_the_sharpness(data, place, kind, size):
    made = opened(take(data, PLACES[place]))
    assert (made.format, made.size) == (kind, size)
    assert ("A" in made.getbands()) == (kind == "PNG" and opened(data).mode == "RGBA")


def test_what_a_camera_writes_is_gone_and_the_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of somebody"
    made = take(file(800, 400, "JPEG", exif=exif), WIDE)
    assert opened(made).size == (400, 800)
    assert b"Camera" not in made and not opened(made).getexif()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg onload=alert(1)>", "This is an SVG drawing."),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "This is an SVG drawing."),
        (b"<!-- x --><svg/>", "This is an SVG drawing."),
        (b"\x1f\x8b\x08svgz", "This is an SVG drawing."),
        (b"%PDF-1.7", "no picture that can be read"),
        (b"MZ\x90" * 100, "no picture that can be read"),
        (b"", "no picture that can be read"),
        (bomb(100_000, 100_000), "pixels"),
        (bomb(6000, 6000), "6000 × 6000 pixels"),
        (bomb(1000, 1000), "cut off or damaged"),
        (file()[:-200], "cut off or damaged"),
        (file(kind="JPEG")[: 3000], "cut off or damaged"),
        (b"x" * (MOST_SENT + 1), "MB; a picture may have"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_what_to_do(data, words):
    with pytest.raises(ValidationError) as caught:
        take(data, WIDE)
    sentence = " ".join(caught.value.messages)
    assert words in sentence and sentence.endswith(".")


def test_an_animation_stays_one_when_it_is_small():
    frames = [Image.effect_noise((60, 60), 40 + n).convert("P") for n in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert take(out.getvalue(), WIDE) == out.getvalue()
    big = [Image.effect_noise((1300, 50), 50 + n).convert("P") for n in range(2)]
    out = io.BytesIO()
    big[0].save(out, "GIF", save_all=True, append_images=big[1:])
    with pytest.raises(ValidationError, match="animation"):
        take(out.getvalue(), WIDE)


GOOD = [file(300, 100), file(300, 100, "JPEG"), file(300, 100, "GIF"), file(300, 100, "WEBP")]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(GOOD),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=6),
    st.integers(0, 900),
)
def test_no_damaged_file_does_more_than_be_refused(good, changes, cut):
    data = bytearray(good[: len(good) - cut] if cut < len(good) else good)
    for at, octet in changes:
        data[at % len(data)] = octet
    try:
        assert take(bytes(data), WIDE)
    except ValidationError as error:
        assert error.messages


def send(owner, data=None, name="van.png", to="/pictures/", **more):
    sent = {
        "picture": SimpleUploadedFile(name, data or file(), "image/png"),
        "alt": "Our van",
        "place": "wide",
    }
    return owner.post(to, sent | more)


def rows(harbour):
    with pen_scope(harbour.pen):
        return {row.name: row for row in Asset.objects.all()}


def test_a_picture_is_sent_in_under_its_files_name(owner, harbour):
    assert send(owner, next="/campaigns/")["Location"] == "/campaigns/"
    assert send(owner, name="other.png", next="https://evil.example/")["Location"] == "/pictures/"
    row = rows(harbour)["van"]
    assert (row.width, row.height, row.alt, row.type) == (1200, 450, "Our van", "image/png")
    assert "“van” is there" in owner.get("/pictures/").content.decode()


def test_words_are_demanded_and_a_name_is_not_taken_by_accident(owner, harbour):
    assert send(owner, alt="").status_code == 422
    send(owner)
    again = send(owner, alt="Another")
    assert again.status_code == 422 and "There is a picture called “van”" in again.content.decode()
    assert rows(harbour)["van"].alt == "Our van"


def test_a_drawing_is_refused_and_what_was_typed_stays(owner, harbour):
    before = rows(harbour).keys()
    answer = send(owner, b"<svg onload=alert(1)>", name="van.svg", alt="My words")
    page = answer.content.decode()
    assert answer.status_code == 422 and "This is an SVG drawing." in page and "My words" in page
    assert rows(harbour).keys() == before


def test_a_hundred_megabytes_are_refused_before_any_of_it_is_read(owner, harbour):
    class Never(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            raise AssertionError("the body was read")

    answer = owner.generic(
        "POST", "/pictures/", b"", "multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(100_000_000), **{"wsgi.input": Never()},
    )  # fmt: skip
    assert answer.status_code == 413
    assert "The file has 100 MB; a picture may have 12." in answer.content.decode()


def test_another_takes_its_place_under_the_same_name(owner, harbour):
    row = rows(harbour)["practice"]
    page = reverse("picture-page", args=[row.outside_id])
    sent = SimpleUploadedFile("new.png", file(900, 300), "image/png")
    asked = {"replace": "1", "new-picture": sent, "new-place": "half", "new-alt": "The new house"}
    assert owner.post(page, asked).status_code == 302
    now = rows(harbour)["practice"]
    assert now.pk == row.pk and now.digest != row.digest and (now.width, now.alt) == (560, "The new house")
    assert owner.post(page, {"words": "1", "alt": ""}).status_code == 422
    owner.post(page, {"words": "1", "alt": "Quay"})
    assert rows(harbour)["practice"].alt == "Quay"


def test_what_is_used_says_where_and_cannot_be_deleted(owner, harbour):
    row = rows(harbour)["practice"]
    page = reverse("picture-page", args=[row.outside_id])
    source = {
        "shape": "form",
        "elements": [{"kind": "picture", "values": {"picture": "practice", "alt": "x"}}],
    }
    with pen_scope(harbour.pen):
        Message.objects.filter(pk=harbour.message.pk).update(source=source)
    shown = owner.get(page).content.decode()
    assert reverse("message", args=[harbour.message.outside_id]) in shown
    assert owner.post(page, {"delete": "1", "typed": "practice"}).status_code == 422
    assert "practice" in rows(harbour)
    with pen_scope(harbour.pen):
        Message.objects.filter(pk=harbour.message.pk).update(source={"shape": "note", "values": {}})
    assert owner.post(page, {"delete": "1", "typed": "something"}).status_code == 422
    assert owner.post(page, {"delete": "1", "typed": "practice"}).status_code == 302
    assert "practice" not in rows(harbour)
    assert owner.get(f"/a/{row.file_name}").status_code == 200  # mails carry it already


def test_every_way_to_call_a_picture_is_found():
    assert [*names_in(Source("letterhead", {"picture": "logo"}))] == ["logo"]
    assert [
        *names_in(Source("mjml", {"mjml": '<mj-image src="picture:a b" /> <mj-image src="picture:c"/>'}))
    ] == ["a b", "c"]
    form = Source(
        "form", elements=(Element("columns", {"picture_2": "x"}), Element("person"), Element("gone"))
    )
    assert set(names_in(form)) == {"", "x", "{{photo}}"}


def test_many_pictures_are_searched_and_paged(owner, harbour):
    with pen_scope(harbour.pen):
        old = Asset.objects.get(name="practice")
        for n in range(60):
            Asset.objects.create(
                name=f"p{n:02}", digest=old.digest, type=old.type, width=1, height=1, size=1, alt=f"View {n}"
            )
    assert owner.get("/pictures/").content.decode().count("<img") == 24
    assert owner.get("/pictures/?q=View 5").content.decode().count("<img") == 11
    assert "No picture has" in owner.get("/pictures/?q=nothing").content.decode()

"""Foreign HTML: what stays, what goes, what is counted (contract/show.md §2)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.show import clean, host_of, masked, picture_type
from stationer.show.cleaning import MOST, scheme_of
from stationer.show.styling import declarations, is_ink, stays, written

PNG = b"\x89PNG\r\n\x1a\n...."


class Elements(HTMLParser):
    """Every element of cleaned HTML with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<template><img src=x onerror=alert(1)></template>",
        "<noscript><p title='<img src=x onerror=alert(1)>'></noscript>",
        "<style>@import 'http://x.example';</style>",
        "<meta http-equiv=refresh content='0;url=http://x.example'>",
        "<base href='http://x.example/'>",
        "<link rel=stylesheet href='http://x.example/'>",
        "<iframe src='http://x.example'></iframe>",
        "<object data='http://x.example'></object><embed src='http://x.example'>",
        "<form action='http://x.example'><input name=a><button>b</button></form>",
    ],
)
def test_what_runs_fetches_or_submits_goes_with_its_content(html: str) -> None:
    assert clean(html).html.strip() in ("", "<p></p>", "<p></p></p>")


@pytest.mark.parametrize(
    "attribute",
    [
        "onclick=alert(1)", "onload=alert(1)", "id=a", "class=a", "name=a", "srcset='http://x.example 2x'",
        "background='http://x.example'", "ping='http://x.example'", "target=_top", "formaction=javascript:a()",
        "style='position:fixed'", "style='background:url(http://x.example)'", "style='margin-top:-9px'", "contenteditable",
        "autofocus", "tabindex=1", "popover", "is=x", "slot=a", "part=a", "accesskey=a", "draggable=true",
    ],
)  # fmt: skip
def test_no_attribute_stays_that_runs_fetches_or_names(attribute: str) -> None:
    assert clean(f"<p {attribute}>a</p>").html == "<p>a</p>"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java&#10;script:alert(1)",
        "&#106;avascript:alert(1)", "\x01javascript:alert(1)", "vbscript:a", "data:text/html,<script>", "blob:a", "file:///etc",
        "cid:a@b", "//x.example", "/accounts/logout/", "?a", "#a", "intent://x", "view-source:http://x", "http://[x",
    ],
)  # fmt: skip
def test_a_link_leads_to_a_page_an_address_or_a_telephone_alone(href: str) -> None:
    (_, attributes), *_rest = Elements(clean(f'<a href="{href}">a</a>').html).found
    assert "href" not in attributes


@pytest.mark.parametrize(
    "href", ["https://a.example/x?y=1&z=2", "http://a.example", "mailto:a@b.example", "tel:+44"]
)
def test_a_link_stays_and_opens_elsewhere_without_telling_from_where(href: str) -> None:
    (_, attributes), *_rest = Elements(clean(f'<a href="{href}" target=_self rel=opener>a</a>').html).found
    assert attributes == {"href": href, "target": "_blank", "rel": "noopener noreferrer nofollow"}


def test_remote_pictures_are_counted_and_stay_where_they_were_asked_for() -> None:
    html = "<img src='https://x.example/a.png' srcset='https://x.example/b.png 2x' alt=a><p style='background:url(//x.example/c)'>"
    off, on = clean(html), clean(html, remote=True)
    assert (off.remote, on.remote) == (2, 2)
    assert off.html == '<img alt="a"><p></p>'
    assert on.html == '<img src="https://x.example/a.png" alt="a"><p></p>'


def test_pictures_of_the_mail_are_written_into_it_by_what_they_are() -> None:
    own = {"a@b": PNG, "svg": b"<svg onload=alert(1)>"}
    cleaned = clean("<img src='cid:a%40b'><img src=CID:svg><img src='cid:none'>", pictures=own.get)
    assert cleaned.html == '<img src="data:image/png;base64,iVBORw0KGgouLi4u"><img><img>'
    assert cleaned.inside == {"a@b"}
    assert cleaned.remote == 0


def test_a_picture_without_a_place_that_can_be_fetched_goes() -> None:
    assert (
        clean("<img src='ftp://x/a.png'><img src='a.png'><img src='mailto:a@b.example'>").html
        == "<img><img><img>"
    )


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
        (b"RIFF....WEBPVP8", "image/webp"), (b"RIFF....WAVE", None), (b"<svg>", None), (b"", None),
    ],
)  # fmt: skip
def test_pictures_are_known_by_their_first_octets(octets: bytes, kind: str | None) -> None:
    assert picture_type(octets) == kind


def test_rules_of_a_style_sheet_are_written_into_the_elements() -> None:
    html = clean(
        "<style>p{color:red;position:fixed} @media print{p{color:blue}}</style><p class=x>a</p>"
    ).html
    assert html == '<p style="color: red">a</p>'


def test_too_much_of_a_style_sheet_is_left_out() -> None:
    html = "<style>" + "p{color:red}" * 2000 + "</style>" + "<p>a</p>" * 2000
    assert 'style="' not in clean(html).html


def test_a_sheet_that_cannot_be_read_is_left_out() -> None:
    assert clean("<style>p{color:red}</style><style>" + "}" * 50 + "@</style><p>a</p>").html.count("<p") == 1


def test_what_css_inline_refuses_is_cleaned_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from stationer.show import cleaning

    def refuse(*_a: object, **_k: object) -> str:
        raise ValueError("no")

    monkeypatch.setattr(cleaning.css_inline, "inline", refuse)
    assert clean("<style>p{color:red}</style><p>a</p>").html == "<p>a</p>"


def test_whether_the_author_chose_colours() -> None:
    assert not clean("<p style='font-size:12px; border-color:red'>a").inked
    assert clean("<p style='color:red'>a").inked
    assert clean("<table bgcolor=white><td>a").inked


@pytest.mark.parametrize(
    ("prop", "value"),
    [
        ("color", "url(http://x)"), ("color", "expression(a)"), ("color", r"\75rl(x)"), ("color", "/**/red"), ("color", ""),
        ("font-family", "'a"), ("font-family", "a\"b"), ("color", "rgb(1,2,3"), ("width", "calc(1px)"), ("color", "var(--a)"),
        ("background", "image-set('a.png' 1x)"), ("background", "-webkit-image-set(a)"), ("margin", "0 -3px"), ("text-indent", "- 5px"),
        ("position", "fixed"), ("behavior", "x"), ("-moz-binding", "x"), ("transform", "none"), ("opacity", "0"), ("z-index", "9"),
        ("content", "'a'"), ("cursor", "none"), ("filter", "none"), ("animation", "a"), ("list-style-image", "none"), ("src", "a"),
        ("color", "@import"), ("color", "red}"), ("pointer-events", "none"), ("background-image", "none"), ("mask", "none"),
    ],
)  # fmt: skip
def test_declarations_that_go(prop: str, value: str) -> None:
    assert not stays(prop, value)


@pytest.mark.parametrize(
    ("prop", "value"),
    [
        ("color", "rgb(1, 2, 3)"), ("font-family", "'Segoe UI', \"Arial\", sans-serif"), ("margin", "0 auto !important"),
        ("border-top-color", "#fff"), ("padding-left", "1.5em"), ("font", "12px/1.5 Arial"), ("width", "100%"),
    ],
)  # fmt: skip
def test_declarations_that_stay(prop: str, value: str) -> None:
    assert stays(prop, value) == ("/" not in value)


def test_styles_are_read_and_written() -> None:
    pairs = declarations("COLOR : red; x; position:fixed;; width:1px")
    assert pairs == [("color", "red"), ("width", "1px")]
    assert written(pairs) == "color: red; width: 1px"
    assert [is_ink(prop) for prop, _ in pairs] == [True, False]
    assert declarations("color:red;" * 2000) == []


@pytest.mark.parametrize(
    ("words", "href", "leads"),
    [
        ("www.bank.example", "https://evil.example/", "evil.example"),
        ("https://bank.example/login", "https://bank.example.evil.example/", "bank.example.evil.example"),
        ("bank.example", "https://www.bank.example/", None),
        ("bank.example", "https://online.bank.example/", None),
        ("online.bank.example", "https://bank.example/", "bank.example"),
        ("Click here", "https://evil.example/", None),
        ("plan.pdf", "https://files.example/plan.pdf", None),
        ("alice@bank.example", "https://evil.example/", None),
        ("bank.example", "mailto:a@evil.example", None),
        ("bücher.example", "https://xn--bcher-kva.example/", None),
        ("a\u3002example", "http://[", None),
        ("bank.example", "https://", None),
        ("\u20acb\u2100d.example", "https://evil.example/", "evil.example"),
    ],
)
def test_links_whose_words_name_another_host(words: str, href: str, leads: str | None) -> None:
    assert masked(words, href) == leads


def test_where_a_masked_link_leads_is_said_behind_it_in_an_element_that_no_stranger_has() -> None:
    html = "<p>a\n<a href='https://evil.example/'>www.<b>bank</b>.example</a> <mark>b</mark> <a>c</a></p>"
    said = clean(html, leads_to="leads to {host}").html
    assert re.sub(r' (target|rel)="[^"]*"', "", said) == (
        '<p>a\n<a href="https://evil.example/">www.<b>bank</b>.example</a> <mark>leads to evil.example</mark> b <a>c</a></p>'
    )
    assert "<mark>" not in clean("<mark>a</mark>").html
    assert '<mark>x"y' not in clean("<a href='https://e.example'>b.example</a>", leads_to='x"y<').html


def test_a_host_that_is_no_domain_has_no_sign_that_ends_anything() -> None:
    assert host_of("https://a\u2100b.example/") is None
    assert host_of("https://a'b\"<c.example/") == "abc.example"
    assert host_of("javascript:a") is None
    assert scheme_of("http://[a") == "" and scheme_of(" CID:a") == "cid"


def test_only_so_much_is_read() -> None:
    assert len(clean("a" * (MOST + 10)).html) == MOST


@given(
    st.text(
        alphabet=st.sampled_from(list("<>/='\"& abhrefimgsrconstyle:;()-\n\\!")) | st.characters(),
        max_size=300,
    )
)
def test_nothing_that_is_not_on_the_list_is_ever_left(html: str) -> None:
    cleaned = clean(html)
    for tag, attributes in Elements(cleaned.html).found:
        assert tag not in ("script", "style", "svg", "iframe", "form", "base", "meta", "link")
        assert not any(
            name.startswith("on") or name in ("id", "class", "srcset", "action") for name in attributes
        )
    assert clean(cleaned.html.replace("<mark>", "").replace("</mark>", "")).remote == 0

"""What links say to websites: tags go behind every numbered link of a block, and behind nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.compose import complete, fill, press
from stationer.compose.tagging import tagged
from stationer.wire.content import Field
from stationer.wire.source import Source, Utm

TAGS = Utm("email", "signature", "open evening").tags("a&b")


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("https://x.example", "https://x.example?utm_source=email"),
        ("https://x.example/?", "https://x.example/?utm_source=email"),
        ("https://x.example/a?b=1", "https://x.example/a?b=1&utm_source=email"),
        ("https://x.example/a?b=1&", "https://x.example/a?b=1&utm_source=email"),
        ("https://x.example/a#top", "https://x.example/a?utm_source=email#top"),
        ("https://x.example/?utm_source=own", "https://x.example/?utm_source=own"),
        ("https://x.example/Unsubscribe?u=1", "https://x.example/Unsubscribe?u=1"),
        ("https://x.example/newsletter/abmelden", "https://x.example/newsletter/abmelden"),
        ("https://x.example/opt-out", "https://x.example/opt-out"),
    ],
)
def test_an_address_gets_the_tag_in_its_query(address, there):
    assert tagged(address, {"utm_source": "email"}) == there


def test_an_attribute_in_an_address_stays_one_and_a_whole_address_is_left_alone():
    name = Field("name", form="part")
    assert tagged(("https://x.example/?n=", name, "#a"), {"utm_source": "e"}) == (
        "https://x.example/?n=", name, "&utm_source=e#a",
    )  # fmt: skip
    whole = (Field("website", form="address"),)
    assert tagged(whole, {"utm_source": "e"}) == whole


@given(
    st.from_regex(
        r"https://[a-z]{1,8}\.example(/[a-z]{0,5})?(\?[a-z]{1,3}=[a-z0-9]{0,3})?(#[a-z]{0,3})?",
        fullmatch=True,
    ),
    st.dictionaries(
        st.sampled_from(["utm_source", "utm_medium", "utm_campaign"]), st.text(min_size=1, max_size=9)
    ),
)
def test_whatever_it_says_the_rest_of_the_address_stays(address, tags):
    before, after = urlsplit(address), urlsplit(str(tagged(address, tags)))
    assert (before.scheme, before.netloc, before.path, before.fragment) == (
        after.scheme, after.netloc, after.path, after.fragment,
    )  # fmt: skip
    said = parse_qsl(after.query, keep_blank_values=True, errors="surrogatepass")
    assert said == [*parse_qsl(before.query, keep_blank_values=True), *tags.items()]
    assert tagged(str(tagged(address, tags)), tags) == tagged(address, tags)


def test_links_of_html_and_text_are_tagged_and_mail_and_telephone_never():
    words = (
        '<mj-section><mj-column><mj-text><a href="https://x.example/a">A</a> <a href="mailto:a@x.example">M</a> '
        '<a href="tel:+44 1632">T</a></mj-text></mj-column></mj-section>'
    )
    source = Source("mjml", {"mjml": words}, "A: https://x.example/a, mailto:a@x.example")
    plain = press(source, kind="message", slot="banner").content
    content = press(source, kind="message", slot="banner", tags=TAGS).content
    assert content is not None and plain is not None
    html, text = complete(fill(content, {}, name="x"))
    told = "https://x.example/a?utm_source=email&utm_medium=signature&utm_campaign=open%20evening&utm_content=a%26b"
    assert told.replace("&", "&amp;") in html and told in text
    assert content.targets == (told,)
    assert html.count("utm_source") == 1 and 'href="mailto:a@x.example"' in html and 'href="tel:' in html
    assert press(source, kind="message", slot="banner", tags={}).content == plain


def test_a_message_says_nothing_where_its_campaign_says_nothing():
    assert Utm().tags("words") == {}
    assert Utm(medium="m").tags("c") == {"utm_medium": "m", "utm_content": "c"}

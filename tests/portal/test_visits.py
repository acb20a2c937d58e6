"""Visits of a company's own site: tied to a click, told only by whom it may be, kept only where a visitor agreed."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from stationer import links
from stationer.pick import unpack
from stationer.portal.access import devices
from stationer.portal.access.roll import folder
from stationer.portal.people.scope import pen_scope
from stationer.portal.site import counting
from stationer.portal.statistics import state
from stationer.portal.statistics.models import Hit, Keeping
from stationer.portal.statistics.privacy.erasing import erase
from stationer.portal.statistics.taking import take
from stationer.portal.visits import forgetting, receiving
from stationer.portal.visits.models import Handed, View, Website
from tests.portal.told import Sent

pytestmark = pytest.mark.django_db
JANE, SITE, PAGE = (
    "jane@example.com",
    "https://www.harbourdental.example",
    "https://www.harbourdental.example/prices",
)
ROUTE = "/api/v1/visits"


@pytest.fixture(autouse=True)
def no_limits_yet():
    cache.clear()


@pytest.fixture
def site(harbour):
    with pen_scope(harbour.pen):
        return Website.objects.create(on=True, hosts=["harbourdental.example"])


def token_of(harbour, ago=timedelta(minutes=1), nonce=b"12345678"):
    by = links.signer(harbour.pen.outside_id, bytes(harbour.pen.mark_key))
    return links.sign_visit(by, int((timezone.now() - ago).timestamp()), nonce)


def clicked(harbour, token, to=(JANE,)):
    """A click of Jane's that was handed over with this token; its hit."""
    now = timezone.now()
    mail = Sent(harbour, now - timedelta(minutes=10), to=to)
    take([mail.addressed(), mail.reported(), mail.clicked(now, visit=token.visit)], now)
    with pen_scope(harbour.pen):
        return Hit.objects.get(mail__pick=mail.pick)


def tell(token, client=None, headers=None, **more):
    said = {
        "token": token if isinstance(token, str) else links.write_visit(token),
        "page": PAGE,
        "view": "0" * 16,
    }
    said |= {"consent": "granted"} | more
    return (client or Client()).post(
        ROUTE, json.dumps(said), "text/plain", headers={"Origin": SITE} if headers is None else headers
    )


def views(harbour):
    with pen_scope(harbour.pen):
        return list(View.objects.order_by("id").values_list("host", "path", "seconds"))


def test_a_page_after_a_click_is_on_the_visitors_page_in_the_file_and_in_the_api(owner, harbour, site):
    token = token_of(harbour)
    hit = clicked(harbour, token)
    answer = tell(token)
    assert (answer.status_code, answer.json()) == (202, {"kept": True})
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in answer.headers and not answer.cookies
    tell(token, seconds=120)
    tell(token, seconds=7)  # told late: the most counts
    tell(token, view="1" * 16, page=f"{SITE}/book?name=Jane#x", seconds=5)
    assert views(harbour) == [
        ("www.harbourdental.example", "/prices", 120),
        ("www.harbourdental.example", "/book", 5),
    ]
    page = re.sub(r"<[^>]+>", "", owner.get("/visitors/?machines=1").content.decode())
    assert "then looked at /prices (2 minutes), /book (5 seconds)" in " ".join(page.split())
    assert (
        "www.harbourdental.example/prices 120s"
        in b"".join(owner.get("/visitors/visitors.csv?machines=1")).decode()
    )
    with pen_scope(harbour.pen):
        _, key = devices.make_api_key("reads", ("see-visitors",))
    (row,) = Client().get("/api/v1/hits", headers={"Authorization": f"Bearer {key}"}).json()["items"]
    assert row["id"].startswith("hit_") and hit.pk
    assert row["visits"][0] == {"page": "www.harbourdental.example/prices", "seconds": 120}


def test_a_visit_that_is_told_before_its_click_is_joined_when_that_comes(owner, harbour, site):
    token = token_of(harbour)
    tell(token)
    assert b"then looked at" not in owner.get("/visitors/?machines=1").content
    clicked(harbour, token)
    assert b"then looked at" in owner.get("/visitors/?machines=1").content


@pytest.mark.parametrize(
    ("why", "more", "headers"),
    [
        ("consent", {"consent": "denied"}, {}),
        ("dnt", {"dnt": True}, {}),
        ("dnt", {}, {"DNT": "1"}),
        ("dnt", {}, {"Sec-GPC": "1"}),
    ],
)
def test_without_consent_or_against_the_browsers_wish_nothing_is_kept(harbour, site, why, more, headers):
    answer = tell(token_of(harbour), headers={"Origin": SITE, **headers}, **more)
    assert (answer.status_code, answer.json()) == (202, {"kept": False, "why": why})
    assert not views(harbour)


def test_consent_is_denied_until_it_is_said(harbour, site):
    said = {"token": links.write_visit(token_of(harbour)), "page": PAGE, "view": "0" * 16}
    answer = Client().post(ROUTE, json.dumps(said), "text/plain", headers={"Origin": SITE})
    assert answer.json() == {"kept": False, "why": "consent"} and not views(harbour)


def test_it_is_off_until_it_is_switched_on_and_where_nobody_is_followed(harbour, site):
    with pen_scope(harbour.pen):
        Website.objects.update(on=False)
    assert tell(token_of(harbour)).json() == {"kept": False, "why": "off"}
    with pen_scope(harbour.pen):
        Website.objects.update(on=True)
        harbour.pen.tracking = "off"
        harbour.pen.save()
    assert tell(token_of(harbour)).json() == {"kept": False, "why": "off"}
    assert not views(harbour)


def test_a_token_is_over_after_a_day_and_after_so_many_views(harbour, site, monkeypatch):
    assert tell(token_of(harbour, timedelta(hours=25))).json() == {"kept": False, "why": "over"}
    assert tell(token_of(harbour, -timedelta(hours=1))).json() == {"kept": False, "why": "over"}
    monkeypatch.setattr(receiving, "MOST_VIEWS", 2)
    token = token_of(harbour)
    said = [tell(token, view=f"{n:016x}").json()["kept"] for n in range(3)]
    assert said == [True, True, False] and len(views(harbour)) == 2


def test_strangers_tell_nothing(harbour, other, site):
    token = token_of(harbour)
    assert tell(token, headers={}).status_code == 401
    assert tell(token, headers={"Origin": "https://evil.example"}).status_code == 404
    assert (
        "Access-Control-Allow-Origin" not in tell(token, headers={"Origin": "https://evil.example"}).headers
    )
    assert tell(token, page="https://evil.example/").status_code == 404
    assert tell(token._replace(tag=b"x" * 10)).status_code == 422
    assert tell("x" * 36).status_code == 422 and tell("").status_code == 422
    assert tell(token, what="more").status_code == 400
    assert tell(token, page="https://x" + "y" * 3_000).status_code == 413
    with pen_scope(other):
        Website.objects.create(on=True, hosts=["harbourdental.example"])
        _, key = devices.make_api_key("theirs", ("tell-visits",))
    assert tell(token, headers={"Authorization": f"Bearer {key}"}).status_code == 422
    assert not views(harbour)


def test_one_reader_tells_so_much_in_a_minute(harbour, site, monkeypatch):
    from stationer.portal.visits import api

    now = [1_800_000_000.0]
    monkeypatch.setattr(counting, "time", lambda: now[0])
    monkeypatch.setattr(api, "MOST", 3)
    assert [tell(token_of(harbour)).status_code for _ in range(4)] == [202, 202, 202, 429]
    now[0] += 60
    assert tell(token_of(harbour)).status_code == 202


def test_what_is_counted_is_kept_for_the_whole_hour_and_no_longer(monkeypatch):
    cache.clear()
    now, kept = [1_800_000_000.0], []

    def write(key, many, seconds):
        kept.append(seconds)
        cache.set(key, many, seconds)

    monkeypatch.setattr(counting, "time", lambda: now[0])
    monkeypatch.setattr(counting, "cache", SimpleNamespace(get=cache.get, set=write))
    assert [counting.tally("mails", 3600) for _ in range(3)] == [1, 2, 3] and kept == [3600] * 3
    now[0] += 3600
    assert counting.tally("mails", 3600) == 1


def test_the_sites_server_tells_by_a_key_with_the_right(harbour, site):
    with pen_scope(harbour.pen):
        _, key = devices.make_api_key("site", ("tell-visits",))
        _, wrong = devices.make_api_key("wrong", ("see-visitors",))
    token = token_of(harbour)
    assert tell(token, headers={"Authorization": f"Bearer {wrong}"}).status_code == 404
    assert tell(token, headers={"Authorization": "Bearer x"}).status_code == 401
    assert tell(token, headers={"Authorization": f"Bearer {key}"}, dnt=True).json()["kept"] is False
    assert tell(token, headers={"Authorization": f"Bearer {key}"}).json() == {"kept": True}
    assert len(views(harbour)) == 1


def test_a_browser_may_ask_first(harbour, site):
    found = Client().options(ROUTE, headers={"Origin": SITE, "Access-Control-Request-Method": "POST"})
    assert found.status_code == 204 and found.headers["Access-Control-Allow-Origin"] == SITE
    # whoever asks for another's site hears the same: whose sites are here is nobody's business
    other = Client().options(ROUTE, headers={"Origin": "https://evil.example"})
    assert (other.status_code, other.headers.keys()) == (found.status_code, found.headers.keys())


def test_no_address_is_kept_of_a_path(harbour, site):
    tell(token_of(harbour), page=f"{SITE}/for/{JANE}/x%40y/end")
    assert views(harbour) == [("www.harbourdental.example", "/for/…/…/end", 0)]


def test_visits_go_with_their_hit(harbour, site):
    token, joes = token_of(harbour), token_of(harbour, nonce=b"joejoejo")
    clicked(harbour, token)
    clicked(harbour, joes, ("joe@example.com",))
    tell(token)
    tell(joes)
    with pen_scope(harbour.pen):
        erase(JANE)
        assert Handed.objects.count() == View.objects.count() == 1
        Keeping.objects.create(raw_days=7)
        Handed.objects.update(at=timezone.now() - timedelta(days=8))
        forgetting.forget_old()
        assert Handed.objects.count() == View.objects.count() == 0


def test_what_no_hit_is_known_for_goes_after_a_day(harbour, site):
    tell(token_of(harbour))
    forgetting.forget_old()
    assert views(harbour)
    with pen_scope(harbour.pen):
        View.objects.update(at=timezone.now() - timedelta(hours=25))
    forgetting.forget_old()
    assert not views(harbour)


def test_edges_are_told_of_the_sites_while_it_is_on(harbour, site):
    def told():
        with pen_scope(harbour.pen):
            return state.read(harbour.pen.outside_id).visits

    assert told() == ("harbourdental.example",)
    with pen_scope(harbour.pen):
        site.on = False
        site.save()
    assert told() == ()


def test_a_switch_is_written_for_the_edges(harbour, django_capture_on_commit_callbacks):
    with pen_scope(harbour.pen), django_capture_on_commit_callbacks(execute=True):
        Website.objects.create(on=True, hosts=["harbourdental.example"])
    file = unpack((folder(harbour.pen.pk) / "state.stn").read_bytes(), kind="state", public_key=None)
    assert file.payload.visits == ("harbourdental.example",)


def test_the_page_switches_it_on_and_shows_the_line_and_the_test(owner, harbour):
    assert "Nothing is told" in owner.get("/settings/website/").content.decode()
    refused = owner.post("/settings/website/", {"on": "on", "hosts": "", "consent": "ask"})
    assert refused.status_code == 422 and "Say which domain" in refused.content.decode()
    said = {"on": "on", "hosts": "WWW.Harbourdental.example\nharbourdental.example", "consent": "ask"}
    assert owner.post("/settings/website/", said).status_code == 302
    page = owner.get("/settings/website/").content.decode()
    assert "visits.js&quot; data-consent=&quot;ask&quot;" in page and "No visit has come yet" in page
    test = re.search(r"https://www\.harbourdental\.example/\?stn=([\w-]{36})", page)
    assert test
    assert tell(test[1]).json() == {"kept": True}
    assert "It works: your test came" in owner.get("/settings/website/").content.decode()
    with pen_scope(harbour.pen):
        assert Website.objects.get().hosts == ["www.harbourdental.example", "harbourdental.example"]


def test_the_script_is_small_and_the_same_for_everybody(client):
    import gzip

    found = client.get("/visits.js")
    assert found.headers["Content-Type"] == "text/javascript"
    assert found.headers["Cross-Origin-Resource-Policy"] == "cross-origin" and not found.cookies
    assert len(gzip.compress(found.content)) <= 2_048 and b"document.cookie" not in found.content
    again = client.get("/visits.js", headers={"If-None-Match": found.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

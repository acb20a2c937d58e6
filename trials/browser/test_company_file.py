"""A banner's words are changed in the company's file: written out, changed, looked at, put in place, published; then
a mail carries them. With a script and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from stationer import pick
from stationer.cli.ordering import order_of
from stationer.wire.pick import Question
from trials.browser.chromium import sign_in
from trials.browser.conftest import Complaints
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running, running

BEFORE, AFTER = "Straighter teeth, without the wires", "Whiter teeth, without the bleach"


@pytest.fixture
def working(tmp_path: Path) -> Iterator[Running]:
    """Harbour Dental with a version in force, for a test that works."""
    with running(tmp_path, "harbour.furnish()") as there:
        yield there


def carried(folder: Path) -> str:
    """What mails of the dentist's to a patient carry on a Wednesday, by the files that lie there for the edge: two
    campaigns share them, so several are asked for."""
    [snapshot_file] = folder.rglob("snapshot.stn")
    compiled: Any = pick.unpack(snapshot_file.read_bytes(), kind="snapshot", public_key=None).payload
    roll_file = snapshot_file.with_name("roll.stn")
    people: Any = pick.unpack(roll_file.read_bytes(), kind="roll", public_key=None).payload
    snapshot, roll = pick.load(compiled), pick.read_roll(people, compiled.mark_key)
    question = Question(STAFF[1][0], ["patient@out.example"], [])
    today = datetime.now(UTC).replace(hour=10, minute=0)
    now = int((today + timedelta(days=(2 - today.weekday()) % 7)).timestamp() * 1000)
    answers = [pick.pick(snapshot, roll, question, now=now, pick_id="", seed=seed) for seed in range(40)]
    return json.dumps([order_of(snapshot, roll, one, "new") for one in answers], ensure_ascii=False)


def _changed(page: Page, there: Running, downloaded: Path) -> None:
    page.goto(f"{there.url}/settings/")
    page.get_by_role("link", name="The company as a file").click()
    with page.expect_download() as waited:
        page.get_by_role("link", name="Download As it is written now").click()
    waited.value.save_as(downloaded)
    text = downloaded.read_text("utf-8")
    assert text.count(BEFORE) >= 1
    downloaded.write_text(text.replace(BEFORE, AFTER), "utf-8")
    page.get_by_label("A company file").set_input_files(downloaded)
    page.get_by_label("is taken out").check()
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("Nothing has changed yet.")).to_be_visible()
    expect(page.locator("ins").filter(has_text=AFTER).first).to_be_visible()
    expect(page.locator("del").filter(has_text=BEFORE).first).to_be_visible()


def _mended(page: Page, there: Running) -> None:
    """In the page's own field; the first time with a mistake."""
    page.goto(f"{there.url}/settings/company/edit/")
    text = page.get_by_label("The company, as YAML").input_value()
    page.get_by_label("The company, as YAML").fill(text.replace("campaigns:\n", "campaings:\n", 1))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("link", name="Did you mean 'campaigns'?")).to_be_visible()
    page.get_by_label("The company, as YAML").fill(text.replace(BEFORE, AFTER))
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("ins").filter(has_text=AFTER).first).to_be_visible()


def _published(page: Page) -> None:
    page.get_by_role("button", name="Make 1 change").click()
    expect(page.get_by_text("It is in.")).to_be_visible()
    page.get_by_role("link", name="To Publish").click()
    page.get_by_role("button", name="Publish").first.click()
    expect(page.get_by_text("Version 2 is in force")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_banner_is_changed_in_the_file_and_a_mail_carries_it(
    browser: Browser, working: Running, tmp_path: Path, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 1024, "height": 768})
    page = context.new_page()
    complaints = Complaints()
    complaints.watch(page)
    sign_in(page, working.url, STAFF[0][0], PASSWORD)
    assert BEFORE in carried(tmp_path)
    if script:
        _changed(page, working, tmp_path / "company.yaml")
    else:
        _mended(page, working)
    _published(page)
    assert AFTER in carried(tmp_path) and BEFORE not in carried(tmp_path)
    context.close()
    assert complaints == []

"""Groups and lists of addresses: a page at a time, found by name, however many there are."""

from __future__ import annotations

import pytest
from django.urls import reverse

from stationer.portal.people.models import AddressList, Group
from stationer.portal.people.scope import pen_scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("page", "model"), [("groups", Group), ("lists", AddressList)])
def test_what_is_not_on_the_page_is_counted_and_found_by_its_name(owner, harbour, page, model):
    assert 'type="search"' not in owner.get(reverse(page)).content.decode()  # few need no search
    with pen_scope(harbour.pen):
        model.objects.bulk_create(model(name=f"Branch {n:03}") for n in range(120))
        count = model.objects.count()
    first = owner.get(reverse(page)).content.decode()
    assert f"1 to 50 of {count}" in first and f"Search {count} {page}" in first
    assert "Branch 001" in first and "Branch 119" not in first
    found = owner.get(reverse(page), {"q": "branch 119"}).content.decode()
    assert "Branch 119" in found and "Branch 001" not in found
    nothing = owner.get(reverse(page), {"q": "nowhere"}).content.decode()
    assert "None has “nowhere” in its name." in nothing and "Show all" in nothing
    assert len(first) < 60_000

"""contract/api.md §6 names every page and every operation, each once, and says why where there is none."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from stationer.portal.site.api import api
from tests.portal.policy import POLICY

TABLE = (Path(__file__).parents[2] / "contract/api.md").read_text().split("## 6.")[1]
#: Of allauth and the device grant: signing in, and enrolling a device, are protocols of their own.
THEIRS = re.compile(r"account_|mfa_|oauth2_provider:|api:")


def rows():
    for line in TABLE.splitlines():
        if line.startswith(("| `", "| –")):
            pages, operations, words = (one.strip() for one in line.strip("|").split(" | "))
            yield re.findall(r"`([^`]+)`", pages), re.findall(r"`([^`]+)`", operations), words.strip("| ")


def test_every_page_stands_there_once():
    counted = Counter(page for pages, *_ in rows() for page in pages)
    assert not [page for page, times in counted.items() if times > 1]
    assert set(counted) == {name for name in POLICY if not THEIRS.match(name)}


def test_every_operation_stands_there_and_no_other():
    verbs = api.get_openapi_schema(path_prefix="/api/v1/")["paths"].values()
    known = {said["operationId"] for some in verbs for said in some.values()}
    named = {operation for _, operations, _ in rows() for operation in operations}
    assert named == known


def test_a_page_without_an_operation_has_a_reason():
    assert all(operations or len(words) > 10 for _, operations, words in rows())

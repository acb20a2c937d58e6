"""What the API's description says that a key may ask is what the client and `stationer api` can ask."""

from __future__ import annotations

import json
from pathlib import Path

from stationer.cli.api import operations

DESCRIPTION = json.loads(Path(__file__).parents[2].joinpath("contract/openapi.json").read_text())


def test_each_operation_of_a_key_has_a_method_and_no_other_has() -> None:
    schemes = DESCRIPTION["components"]["securitySchemes"]
    keys = {name for name, said in schemes.items() if "API key" in said["description"]}
    of_keys = {
        said["operationId"]
        for verbs in DESCRIPTION["paths"].values()
        for said in verbs.values()
        if any(keys & set(one) for one in said.get("security", ()))
    }
    assert of_keys == set(operations())
    assert {"look_at_company", "apply_company_file", "show_key", "remove_device"} <= of_keys
    assert not {"put_segment", "enrol_device", "tell_visit"} & of_keys

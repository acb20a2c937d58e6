"""What is generated from the code is what the code makes today."""

import pytest
from contract import make


def test_generated_files_are_fresh() -> None:
    assert make.stale() == [], "run `make generated` and commit what it made"


def test_a_changed_file_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "SETTINGS_HEAD", "# Other\n")
    assert make.stale() == ["contract/settings.md"]

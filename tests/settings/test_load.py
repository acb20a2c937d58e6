"""Environment over file over default; whatever is wrong is told by name, origin and reason, all at once."""

from pathlib import Path

import pytest

from stationer.settings import WrongSettingsError, load
from stationer.settings.leaves import LEAVES
from stationer.settings.show import MASK, rows, table
from stationer.settings.sources import user_folder


def loaded(tmp_path: Path, file: str = "", **environ: str):
    if file:
        (tmp_path / "stationer.toml").write_text(file, encoding="utf-8")
    return load({"HOME": str(tmp_path / "home"), **environ}, tmp_path, tmp_path / "none.toml")


def problems(tmp_path: Path, file: str = "", **environ: str) -> list[str]:
    with pytest.raises(WrongSettingsError) as caught:
        loaded(tmp_path, file, **environ)
    return [str(problem) for problem in caught.value.problems]


def test_everything_has_a_default(tmp_path):
    got = loaded(tmp_path)
    assert got.edge.listen == "127.0.0.1:8100"
    assert got.edge.folder == got.portal.edge_folder == tmp_path / "var" / "edge"
    assert got.agent.folder == tmp_path / "home" / ".local" / "share" / "stationer"
    assert set(got.origins.values()) == {"default"}


def test_environment_beats_file_beats_default(tmp_path):
    got = loaded(tmp_path, "[edge]\nworkers = 2\nmax_recipients = 5\n", STATIONER_EDGE__WORKERS="3")
    assert (got.edge.workers, got.edge.max_recipients, got.edge.max_body) == (3, 5, 1_048_576)
    assert got.origins["edge.workers"] == "STATIONER_EDGE__WORKERS"
    assert got.origins["edge.max_recipients"] == str(tmp_path / "stationer.toml")


def test_folders_follow_the_data_folder_unless_they_are_set(tmp_path):
    got = loaded(tmp_path, 'data = "d"\n[portal]\nkeys = "elsewhere"\n')
    assert got.edge.folder == tmp_path / "d" / "edge"
    assert got.portal.keys == tmp_path / "elsewhere"


def test_a_path_in_a_file_is_relative_to_that_file(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "s.toml").write_text('data = "d"\n')
    assert loaded(tmp_path, STATIONER_CONFIG="etc/s.toml").data == tmp_path / "etc" / "d"


def test_the_nearest_file_alone_is_read(tmp_path):
    user = tmp_path / "home" / ".config" / "stationer"
    user.mkdir(parents=True)
    (user / "stationer.toml").write_text("[edge]\nworkers = 7\n")
    assert loaded(tmp_path).edge.workers == 7
    assert loaded(tmp_path, "[log]\nlevel = 'debug'\n").edge.workers == 1


def test_a_list_in_the_environment_is_separated_by_commas(tmp_path):
    got = loaded(tmp_path, STATIONER_PORTAL__TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8")
    assert got.portal.trusted_proxies == ("127.0.0.1", "10.0.0.0/8")


def test_a_secret_may_be_in_a_file(tmp_path):
    (tmp_path / "pw").write_text("hush\n")
    got = loaded(tmp_path, STATIONER_PORTAL__RELAY__PASSWORD_FILE="pw")
    assert got.portal.relay.password == "hush"
    assert "pw" in got.origins["portal.relay.password"]


def test_all_problems_are_told_at_once(tmp_path):
    told = problems(
        tmp_path,
        "colour = 1\n[edge]\nworkers = 'two'\nwrokers = 1\n[portal]\nlisten = 'here'\nrelay = 3\n",
        STATIONER_EDGE__MAX_BODY="12",
        STATIONER_EDGE__FOLDR="x",
        STATIONER_LOG__LEVEL="loud",
    )
    assert len(told) == 8
    text = "\n".join(told)
    for part in (
        "colour",
        "Did you mean edge.workers?",
        "HOST:PORT",
        "[portal.relay]",
        "STATIONER_EDGE__FOLDER",
    ):
        assert part in text
    assert "edge.workers" in text and "STATIONER_EDGE__MAX_BODY" in text and "loud" in text


def test_a_wrong_secret_is_not_repeated(tmp_path):
    (told,) = problems(tmp_path, STATIONER_PORTAL__SECRET_KEY="tooshort")
    assert "tooshort" not in told and "portal.secret_key" in told


def test_a_missing_or_broken_file_is_a_problem(tmp_path):
    (missing,) = problems(tmp_path, STATIONER_CONFIG="nowhere.toml")
    assert "nowhere.toml" in missing and "cannot be read" in missing
    (broken,) = problems(tmp_path, "[edge\n")
    assert "line 1" in broken


def test_a_secret_given_twice_or_unreadable_is_a_problem(tmp_path):
    (twice,) = problems(tmp_path, STATIONER_LOG__KEY="a", STATIONER_LOG__KEY_FILE="b")
    assert "Keep one" in twice
    (unreadable,) = problems(tmp_path, STATIONER_LOG__KEY_FILE="b")
    assert "cannot be read" in unreadable


def test_secrets_are_masked_when_printed(tmp_path):
    got = loaded(
        tmp_path,
        STATIONER_PORTAL__RELAY__PASSWORD="hush",
        STATIONER_PORTAL__DATABASE="postgresql://me:hush@db/stationer",
    )
    shown = {row.name: row.value for row in rows(got)}
    assert shown["portal.relay.password"] == MASK
    assert shown["portal.database"] == f"postgresql://me:{MASK}@db/stationer"
    assert "hush" not in table(got)


def test_no_variable_means_two_things():
    direct = {leaf.variable for leaf in LEAVES.values()}
    by_file = {leaf.variable + "_FILE" for leaf in LEAVES.values() if leaf.secret}
    assert len(direct) == len(LEAVES) and not direct & by_file


def test_every_setting_says_what_it_is():
    assert [leaf.name for leaf in LEAVES.values() if not leaf.description] == []


@pytest.mark.parametrize(
    ("platform", "environ", "end"),
    [
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}, "/x/stationer"),
        ("linux", {"HOME": "/h", "XDG_CONFIG_HOME": "relative"}, "/h/.config/stationer"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/stationer"),
    ],
)
def test_the_users_folder_is_where_the_system_keeps_such_things(platform, environ, end):
    assert str(user_folder("config", environ, platform)) == end

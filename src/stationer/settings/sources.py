"""Where settings come from: one TOML file and `STATIONER_*` variables. Says what it could not read.

The file is the one `STATIONER_CONFIG` names, else `./stationer.toml`, else the user's, else
`/etc/stationer/stationer.toml`: the first that exists, alone.
"""

from __future__ import annotations

import difflib
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from stationer.settings.leaves import LEAVES

CONFIG = "STATIONER_CONFIG"
SYSTEM = Path("/etc/stationer/stationer.toml")


class Problem(msgspec.Struct, frozen=True):
    """One setting that cannot be used: its name, where it came from, and why."""

    name: str
    origin: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} ({self.origin}): {self.reason}"


class Given(msgspec.Struct, frozen=True):
    """A value as somebody wrote it. Relative paths are relative to `base`; `text` values come as strings."""

    value: Any
    origin: str
    base: Path
    text: bool


def user_folder(kind: str, environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The user's own folder for "config" or "data" (XDG Base Directory 0.8; AppData; Application Support)."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData" / "Roaming") / "stationer"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "stationer"
    variable, otherwise = {
        "config": ("XDG_CONFIG_HOME", ".config"),
        "data": ("XDG_DATA_HOME", ".local/share"),
    }[kind]
    said = Path(environ.get(variable) or "")
    return (said if said.is_absolute() else home / otherwise) / "stationer"


def find_file(environ: Mapping[str, str], cwd: Path, system: Path = SYSTEM) -> Path | None:
    """The settings file in force, or None. One named by `STATIONER_CONFIG` is returned even if missing."""
    if named := environ.get(CONFIG):
        return cwd / Path(named).expanduser()
    candidates = (cwd / "stationer.toml", user_folder("config", environ) / "stationer.toml", system)
    return next((path for path in candidates if path.is_file()), None)


def unknown(name: str, origin: str, known: list[str]) -> Problem:
    """The problem of a name nobody knows, with the nearest one that is known."""
    near = difflib.get_close_matches(name, known, 1, 0.6)
    hint = f" Did you mean {near[0]}?" if near else ""
    return Problem(name, origin, f"there is no such setting.{hint} contract/settings.md lists them all.")


def from_file(path: Path) -> tuple[dict[str, Given], list[Problem]]:
    """What the TOML file says, by dotted name."""
    origin = str(path)
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return {}, [Problem("the settings file", origin, f"it cannot be read: {error.strerror or error}.")]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return {}, [Problem("the settings file", origin, f"it is not valid TOML: {error}.")]
    given: dict[str, Given] = {}
    problems: list[Problem] = []
    _walk(tree, "", path, given, problems)
    return given, problems


def _walk(
    tree: dict[str, Any], prefix: str, path: Path, given: dict[str, Given], problems: list[Problem]
) -> None:
    for key, value in tree.items():
        name = prefix + key
        section = any(leaf.startswith(name + ".") for leaf in LEAVES)
        if section and isinstance(value, dict):
            _walk(value, name + ".", path, given, problems)
        elif section:
            problems.append(
                Problem(name, str(path), f"this is a section: write [{name}] and its settings below.")
            )
        elif name in LEAVES:
            given[name] = Given(value, str(path), path.parent, text=False)
        else:
            problems.append(unknown(name, str(path), list(LEAVES)))


def from_environment(environ: Mapping[str, str], cwd: Path) -> tuple[dict[str, Given], list[Problem]]:
    """What `STATIONER_*` variables say, by dotted name; secrets also by `…_FILE`."""
    direct = {leaf.variable: leaf for leaf in LEAVES.values()}
    by_file = {leaf.variable + "_FILE": leaf for leaf in LEAVES.values() if leaf.secret}
    given: dict[str, Given] = {}
    problems: list[Problem] = []
    for variable in sorted(v for v in environ if v.startswith("STATIONER_") and v != CONFIG):
        if variable in direct:
            leaf = direct[variable]
            given[leaf.name] = Given(environ[variable], variable, cwd, text=True)
        elif variable in by_file:
            _secret_file(by_file[variable].name, variable, environ, cwd, given, problems)
        else:
            problems.append(unknown(variable, "environment", [*direct, *by_file]))
    return given, problems


def _secret_file(
    name: str,
    variable: str,
    environ: Mapping[str, str],
    cwd: Path,
    given: dict[str, Given],
    problems: list[Problem],
) -> None:
    if variable.removesuffix("_FILE") in environ:
        reason = f"{variable.removesuffix('_FILE')} is set as well. Keep one of the two."
        problems.append(Problem(name, variable, reason))
        return
    path = cwd / environ[variable]
    try:
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(name, f"{variable}={path}", f"the file cannot be read: {error}."))
        return
    given[name] = Given(text, f"{path}, named by {variable}", cwd, text=True)

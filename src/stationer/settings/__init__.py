"""Where every setting came from: one TOML file, `STATIONER_*` variables, defaults (contract/settings.md)."""

from stationer.settings.load import DEFAULT, Loaded, WrongSettingsError, load
from stationer.settings.sections import Agent, Bounces, Edge, Log, Portal, Relay, Settings, TrialMailbox
from stationer.settings.sources import Problem

__all__ = [
    "DEFAULT",
    "Agent",
    "Bounces",
    "Edge",
    "Loaded",
    "Log",
    "Portal",
    "Problem",
    "Relay",
    "Settings",
    "TrialMailbox",
    "WrongSettingsError",
    "load",
]

"""Where every setting came from: one TOML file, `STATIONER_*` variables, defaults (contract/settings.md)."""

from stationer.settings.load import DEFAULT, Loaded, WrongSettingsError, load
from stationer.settings.outgoing import Bounces, Relay
from stationer.settings.sections import Agent, Edge, Log, Portal, Settings, TrialMailbox
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

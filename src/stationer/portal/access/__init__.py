"""Accounts, roles, devices, API keys, and the roll that tells the edge who may ask."""

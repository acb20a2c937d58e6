"""Secure messages: kept sealed, read by those who hold a grant (contract/vault.md)."""

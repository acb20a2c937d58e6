"""Directories that speak SCIM 2.0 (RFC 7643, RFC 7644): Entra ID, Okta and their kin tell us what they have.

What they say is kept as they say it (`rows`) and answered from there; a sync reads it as it reads any directory, so
that a plan, its share and its undoing are the same for all (contract/directories.md §6).
"""

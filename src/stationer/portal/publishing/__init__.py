"""Rows to snapshot: what would change, and the press of the button that makes it so."""
